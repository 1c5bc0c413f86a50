"""The drill of changes: every field of the settings is changed, both ways, in an environment that runs.

What the real engine then previews is held against what the field says of itself, and the change is carried out.
"""
