"""What bounds the objects of a team's namespace, as Kubernetes checks it when each is made.

CPU and memory are the queue's business: a quota of them would refuse pods that the queue lets wait. So the quota counts
objects, which keeps a program that makes them without end from filling etcd, and lets nobody open a port of nodes or
order a load balancer.

Source: Kubernetes documentation, "Resource Quotas", object count, and "Limit Ranges".
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.scheduler.settings import QueueResources
from components.workloads.labels import PART_OF

NAME = "spark-team"
# An executor of one core is the smallest that pays; as many placeholders of a gang may stand beside them.
PODS_A_VCPU = 2
FEWEST_PODS = 100
# A driver has a service and up to two config maps; a ScheduledSparkApplication keeps some that ended.
OTHER_OBJECTS = 1_000
# Of containers that ask for nothing, such as a sidecar's. Disk has no setting in Spark, so this is that of drivers and
# executors too: whoever asks for none is the first that a node short of disk evicts.
DEFAULT_REQUESTS = {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "1Gi"}

Core = kubernetes.core.v1


def most_objects(maximum: QueueResources) -> dict[str, str]:
    """Kind of object to the most that the namespace may hold.

    Args:
        maximum: the most that the team's queue hands out.
    """
    return {
        "count/pods": str(max(FEWEST_PODS, PODS_A_VCPU * maximum.vcpus)),
        "count/services": str(OTHER_OBJECTS),
        "count/configmaps": str(OTHER_OBJECTS),
        "count/persistentvolumeclaims": str(OTHER_OBJECTS),
        "count/sparkapplications.sparkoperator.k8s.io": str(OTHER_OBJECTS),
        "count/scheduledsparkapplications.sparkoperator.k8s.io": str(OTHER_OBJECTS),
        "services.nodeports": "0",
        "services.loadbalancers": "0",
    }


def quota(
    name: str, namespace: pulumi.Input[str], maximum: QueueResources, *, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.ResourceQuota:
    """The most objects of a namespace.

    Args:
        name: logical name.
        namespace: the namespace.
        maximum: the most that the team's queue hands out.
        opts: options of the component that owns it.
    """
    return Core.ResourceQuota(
        name,
        metadata=_metadata(namespace),
        spec=Core.ResourceQuotaSpecArgs(hard=most_objects(maximum)),
        opts=opts,
    )


def limit_range(
    name: str, namespace: pulumi.Input[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.LimitRange:
    """What a container asks for whose author says nothing, so that queue and nodes reckon with it.

    It sets no limits and no maxima: Kubernetes would then refuse containers that have no limit, and Spark's have none
    of CPU or disk. A limit of memory is for its author to say (`admission_policy.py`).

    Args:
        name: logical name.
        namespace: the namespace.
        opts: options of the component that owns it.
    """
    asked = Core.LimitRangeItemArgs(type="Container", default_request=DEFAULT_REQUESTS)
    return Core.LimitRange(name, metadata=_metadata(namespace), spec=Core.LimitRangeSpecArgs(limits=[asked]), opts=opts)


def _metadata(namespace: pulumi.Input[str]) -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(
        name=NAME, namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
    )
