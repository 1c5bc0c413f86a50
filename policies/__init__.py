"""Rules that every change must keep: plain functions over resources, for tests and for Pulumi's policy packs.

`__main__.py` is the pack, and the only module here that needs pulumi-policy.
"""
