"""The shuffle service of an environment: Celeborn, where settings ask for it."""
