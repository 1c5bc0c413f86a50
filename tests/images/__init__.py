"""The project's own images, really built and run: `make verify-images`."""
