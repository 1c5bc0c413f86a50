"""A stack's Kubernetes half for real on this machine: a control plane, its nodes, their images, and AWS for the pods.

The offline cloud (`offline/`) brings the AWS half up; this package gives it a cluster to put the objects into, and the
program cannot tell the two from an environment on AWS.
"""
