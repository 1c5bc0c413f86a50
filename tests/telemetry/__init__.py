"""The telemetry's configuration in front of the real programs, as the four stacks render it."""
