"""Metrics and alerts: OpenTelemetry Collectors, Prometheus, Alertmanager and Grafana."""
