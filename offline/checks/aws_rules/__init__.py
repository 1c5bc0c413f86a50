"""Rules that AWS enforces and no schema holds: plain named functions, one module a noun, each with its source.

A rule over one resource takes a `Subject`, one over several a `Stack`; `judge.py` gathers them from the modules'
`RULES`, by type token, `RULES_OF_ALL` and `RULES_TOGETHER`. Leaves out what only an account can say: quotas that were
raised, capacity, what other stacks have taken.
"""
