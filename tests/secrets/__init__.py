"""Secrets that tests plant wherever one could enter, and the search for them in what a run leaves."""
