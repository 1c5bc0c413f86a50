"""The documentation's site: what it is made of, whether it can be built, and how it is in a browser."""
