"""Which release of the project a program is: the one place where its version stands.

It is an output of every stack and no tag of a resource, so that a release by itself changes none. `make release` writes
it; between two releases it is that of the earlier one.
"""

RELEASE = "0.1.0"
