"""The nodes of a cluster: simulated ones, of any number, and real ones, whose containers run."""
