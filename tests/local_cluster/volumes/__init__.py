"""Volumes of clusters."""
