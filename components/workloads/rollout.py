"""How long a workload may take to start or roll before the deployment gives up on it."""

import pulumi

# Pulumi's Kubernetes provider waits ten minutes for every workload. A node agent rolls through thousands of nodes a
# tenth at a time, and each replica of Prometheus reads its log of recent samples first.
PATIENT = pulumi.CustomTimeouts(create="30m", update="2h", delete="15m")
