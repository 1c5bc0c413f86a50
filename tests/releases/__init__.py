"""Versions, fragments, the changelog and notes of releases."""
