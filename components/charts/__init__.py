"""The Helm charts that an environment installs, out of one table."""
