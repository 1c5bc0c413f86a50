"""The container images of an environment: which they are, where nodes pull them from, and what keeps them there."""
