"""What a stack does on a real control plane when things happen to it: `make verify-cluster`."""
