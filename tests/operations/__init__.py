"""Commands, links and figures of the documentation, and blocks of it that run as they stand."""
