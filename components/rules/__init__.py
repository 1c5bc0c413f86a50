"""Rules between areas of the settings tree, a module for each tie; an area's own rules stand in its settings."""
