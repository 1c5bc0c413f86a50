"""The real programs that judge the telemetry's configuration: where they come from, and where they are kept."""
