"""What the quick rules and the emulated Kubernetes say, compared with the real ones: docs/kubernetes-rules.md."""
