"""Policy documents against what AWS publishes: grammar, actions, resources, condition keys, managed policies.

Data come from two libraries: cfn-lint carries every action, ARN format and managed policy, parliament the condition
keys of every action. Parliament's own checks are no judge here: they call trust policies and those of repositories
malformed, and need a part of setuptools that no longer exists; its data file is read instead. Tests ask them for a
second opinion.

Leaves out who may do what in the end: that takes an evaluator and all policies together.
"""
