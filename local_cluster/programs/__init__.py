"""The programs that a cluster is made of, and where they come from."""
