"""What AWS refuses to delete while something still uses it, so that a wrong destroy order fails offline first."""
