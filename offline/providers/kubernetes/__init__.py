"""The emulated Kubernetes provider: keeps objects as an API server would."""
