"""Workflows of GitHub Actions, and what they read."""
