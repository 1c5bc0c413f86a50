"""Controllers that run beside a cluster."""
