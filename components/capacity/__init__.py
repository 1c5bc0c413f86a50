"""Elastic capacity: node pools, and Karpenter, which adds and removes their nodes."""
