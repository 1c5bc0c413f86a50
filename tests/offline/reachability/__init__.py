"""The reading of policies and security groups, rule by rule."""
