"""What AWS gives a cluster and its pods: who may use the Kubernetes API, credentials for pods, and the APIs they call.

One process beside the control plane (`python -m local_cluster.aws`). What exists and what is allowed is read from the
stack's deployment, never written down a second time; moto keeps the objects, keys, queues, topics and metrics.
"""
