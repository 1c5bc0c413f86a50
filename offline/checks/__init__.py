"""What AWS and Kubernetes would refuse, said by a preview on a laptop.

A judge looks at resources and returns findings. `offline.checks.judges` lists the judges of a run, and
`offline.checks.ledger` gathers what they find, so that a preview reports every mistake at once.
"""
