"""Pinned builds of programs that have no package, and what is made from packages' data."""
