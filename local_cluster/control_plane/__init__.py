"""The programs of the control plane: etcd, API server, controllers and scheduler, with the settings of Amazon EKS."""
