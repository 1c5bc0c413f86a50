"""Who may open a connection to whom in a stack, from its network policies, security groups and metadata options.

`matrix` asks every pair of endpoints, `report` shows the answers. Nothing is sent anywhere: rules are read as
Kubernetes and AWS document them, and as the Amazon VPC CNI carries them out. Leaves out routes and network ACLs, of
which the program makes no narrow ones, what listens behind an open port, TLS and logins.
"""
