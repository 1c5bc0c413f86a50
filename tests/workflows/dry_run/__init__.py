"""The shell of every pipeline, run in a clean checkout with stand-ins for what only a pipeline has."""
