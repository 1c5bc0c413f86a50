"""Releases of the project: its version, its changelog from fragments, and notes on how to upgrade from one to the next.

Writes files and prints text. Leaves out what a person does, or a workflow: commits, tags and what is published.
"""
