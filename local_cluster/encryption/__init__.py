"""Encryption of what the API server stores, with the key that the stack gives its Amazon EKS cluster."""
