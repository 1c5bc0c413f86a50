"""The programs that platform images hold: where they come from, and where they are kept."""
