"""The Amazon EKS control plane, who may use it, its add-ons and its node groups."""
