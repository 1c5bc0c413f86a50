"""Real changes of the project as patches, each with the report that `python -m offline diff` has to give of it.

A patch says first which stacks are looked at. Its report stands beside it with the exit code; `python -m tests.changes`
writes all reports anew, for a person to read what became different.
"""
