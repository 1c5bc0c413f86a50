"""Guard rails: what the API server refuses everywhere, whoever has the right to it."""
