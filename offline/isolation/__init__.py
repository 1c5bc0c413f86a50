"""Whether environments and teams are apart: every role against everything that others own, by all policies at once."""
