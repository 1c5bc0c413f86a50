"""Nodes whose containers really run: containerd, a kubelet, and a network in a namespace of the cluster's."""
