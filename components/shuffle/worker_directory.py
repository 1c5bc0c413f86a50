"""The directory of each shuffle node in which its worker keeps shuffles, on the array of local NVMe volumes.

A worker that restarts, or that is rolled, finds what it wrote: an emptyDir would go with the pod. That a pod comes back
to its node follows from there being as many workers as nodes, and one on each. Celeborn keeps to the capacity in its
configuration.

Source: awslabs/amazon-eks-ami, setup-local-disks (the array's mount point).
"""

from components.shuffle.addresses import NAMESPACE
from components.workloads.node_directory import NodeDirectory

DIRECTORY = "/mnt/k8s-disks/0/celeborn"
CLAIM = "celeborn-workers"

WORKERS = NodeDirectory(DIRECTORY, "DirectoryOrCreate", f"moka-{CLAIM}", NAMESPACE, CLAIM)
