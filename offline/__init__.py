"""The offline cloud: the real Pulumi engine, the real program, and emulated providers.

Nothing here talks to AWS, to Kubernetes or to a Pulumi service, and nothing under `components/` knows that it
exists. `offline.engine.OfflineEngine` is the Python API, `python -m offline` the command line over it.
"""
