"""Judges what a stack installs by charts: Helm says what it would refuse, and what it would make."""
