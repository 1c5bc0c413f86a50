"""What every Kubernetes object of an environment shares."""
