"""What each program that has a role calls in AWS, as plain data: the other side of what policies grant.

`catalog.py` has all of them. Tests hold the policies to it both ways: every call is granted, and every grant is
called.
"""
