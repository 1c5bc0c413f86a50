"""What the Kubernetes API server and its admission would refuse, and what points to nothing in a stack."""
