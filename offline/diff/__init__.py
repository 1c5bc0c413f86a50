"""What a change of the project would do to every stack: two revisions, compared on the real engine, offline.

`offline.diff.comparison.compare` is the whole of it; each module beside it holds one noun of the comparison.
"""
