"""The judges: each planted mistake is refused with a message that names the place."""
