"""Real nodes: what they are configured with, and, where there is root, what runs on them."""
