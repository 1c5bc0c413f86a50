"""Where alarms and alerts of an environment go."""
