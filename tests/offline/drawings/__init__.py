"""Pictures of a stack: what they say of a few resources, and how they are drawn."""
