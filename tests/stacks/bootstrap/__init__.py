"""The bootstrap of the four accounts as it is up, and what its roles may do in the environments beside it."""
