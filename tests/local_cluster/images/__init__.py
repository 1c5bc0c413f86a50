"""Images: what is in them, where they come from, and how they reach a node."""
