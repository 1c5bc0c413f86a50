"""Fills an environment's image registry, says what is in it, and carries images from one environment to the next."""
