"""Runs a word count for a team, and says of each thing that it should leave behind whether it is there."""
