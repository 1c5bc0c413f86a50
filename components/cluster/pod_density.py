"""How many pods an instance carries: what its network interfaces can address, and what Amazon EKS recommends.

With prefix delegation the VPC CNI puts a prefix of sixteen addresses where an interface would take one more address;
the interface's own address carries no pod. Only instances of the Nitro System take prefixes: on others the CNI falls
back to single addresses without a word, and pods beyond those wait for ever.

Source: Amazon EKS user guide, "Assign more IP addresses to Amazon EKS nodes with prefixes"; awslabs/amazon-eks-ami,
max-pods-calculator.sh.
"""

from components.cluster.instance_type import InstanceType
from components.network.capacity import ADDRESSES_PER_PREFIX

# The CNI and kube-proxy run on the host's own address.
PODS_ON_THE_HOSTS_ADDRESS = 2
MANY_VCPUS = 30
RECOMMENDED_PODS = 110
RECOMMENDED_PODS_OF_MANY_VCPUS = 250


def carried_pods(instance_type: InstanceType) -> int:
    """Pods that an instance's interfaces can give addresses to."""
    slots = instance_type.interfaces * (instance_type.addresses - 1)
    return slots * (ADDRESSES_PER_PREFIX if instance_type.is_nitro else 1) + PODS_ON_THE_HOSTS_ADDRESS


def most_pods(instance_type: InstanceType) -> int:
    """Pods that an instance runs at most: what it carries, within what Amazon EKS recommends for its vCPUs."""
    recommended = RECOMMENDED_PODS_OF_MANY_VCPUS if instance_type.vcpus > MANY_VCPUS else RECOMMENDED_PODS
    return min(carried_pods(instance_type), recommended)
