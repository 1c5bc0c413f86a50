"""Pods that find no node, and claims that find no volume: the scheduler names them, or an event does."""

from collections.abc import Callable

from tests.local_cluster.comparison.real_kubernetes import Object
from tests.local_cluster.drills.mistake import Mistake, Says, World
from tests.local_cluster.drills.planted_objects import SELECTOR, claim, claimed, made, pod, template

_SCHEDULER = "scheduler"
_ZONE = "topology.kubernetes.io/zone"


def _waiting(content: Object, *before: Object) -> Callable[[World], Says]:
    """A pod that gets no node, beside objects that are right."""

    def plant(world: World) -> Says:
        world.make(*before, content)

        def says() -> str:
            conditions = world.pod().get("status", {}).get("conditions") or []
            return "\n".join(each.get("message", "") for each in conditions if each["type"] == "PodScheduled")

        return says

    return plant


def _volume_elsewhere(world: World) -> Says:
    """A claim whose volume lies in a zone of the Region in which the stack has no node."""
    where = [{"matchExpressions": [{"key": _ZONE, "operator": "In", "values": ["us-east-1f"]}]}]
    volume = made(
        "PersistentVolume",
        name=world.namespace,
        spec={
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": world.namespace,
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0planted"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": where}},
        },
    )
    bound = claim(world.namespace, volumeName=world.namespace)
    return _waiting(pod(claimed()), volume, bound)(world)


def _class_missing(world: World) -> Says:
    world.make(claim("gp9"), pod(claimed()))
    return world.events


def _port_taken(world: World) -> Says:
    """A port of each node that takes such pods is an agent's already."""
    on_node: Object = {"ports": [{"containerPort": 9, "hostPort": 9}]}
    labels = {"app": "everywhere"}
    agents = {
        "selector": {"matchLabels": labels},
        "template": {**template(**on_node), "metadata": {"labels": labels}},
    }
    everywhere = made("DaemonSet", "apps/v1", name="everywhere", spec=agents)
    world.make(everywhere)

    def are_there() -> bool:
        status = (world.kubernetes.read(world.here(everywhere)) or {}).get("status") or {}
        return 0 < status.get("desiredNumberScheduled", 0) == status.get("numberReady", 0)

    world.kubernetes.wait_until(are_there, "the agents")
    return _waiting(pod(**on_node))(world)


_SPREAD = {
    "maxSkew": 1,
    "topologyKey": "topology.kubernetes.io/rack",
    "whenUnsatisfiable": "DoNotSchedule",
    "labelSelector": SELECTOR,
}
_APART = {"topologyKey": "topology.kubernetes.io/region", "labelSelector": SELECTOR}
_ONE_POD = claim("gp3", accessModes=["ReadWriteOncePod"])

PLACEMENT_MISTAKES = [
    Mistake(
        "a pod asks for more memory than any node has",
        _SCHEDULER,
        _waiting(pod(resources={"requests": {"memory": "4Ti"}})),
        ("nodes are available", "Insufficient memory"),
    ),
    Mistake(
        "a pod asks for more CPUs than any node has",
        _SCHEDULER,
        _waiting(pod(resources={"requests": {"cpu": "500"}})),
        ("nodes are available", "Insufficient cpu"),
    ),
    Mistake(
        "a pod asks for a device that no node has",
        _SCHEDULER,
        _waiting(pod(resources={"limits": {"nvidia.com/gpu": "1"}})),
        ("Insufficient nvidia.com/gpu",),
    ),
    Mistake(
        "a pod selects nodes by a label that none has",
        _SCHEDULER,
        _waiting(pod({"nodeSelector": {"moka/workload": "sparks"}})),
        ("node(s) didn't match Pod's node affinity/selector",),
    ),
    Mistake(
        "a pod for a driver's nodes does not tolerate their taint",
        _SCHEDULER,
        _waiting(pod({"nodeSelector": {"moka/workload": "spark-driver"}})),
        ("untolerated taint",),
    ),
    Mistake(
        "a pod is spread over racks, which no node has",
        _SCHEDULER,
        _waiting(pod({"topologySpreadConstraints": [_SPREAD]})),
        ("didn't match pod topology spread constraints (missing required label)",),
    ),
    Mistake(
        "a second pod keeps away from the first in a whole Region",
        _SCHEDULER,
        _waiting(
            pod({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [_APART]}}}),
            pod(name="first"),
        ),
        ("didn't match pod anti-affinity rules",),
    ),
    Mistake(
        "a pod asks a port of its node that another pod has on every node it may run on",
        _SCHEDULER,
        _port_taken,
        ("didn't have free ports for the requested pod ports",),
    ),
    Mistake(
        "a pod names a claim that is not there",
        _SCHEDULER,
        _waiting(pod(claimed("dta"))),
        ('persistentvolumeclaim "dta" not found',),
    ),
    Mistake("a claim's volume lies in a zone without nodes", _SCHEDULER, _volume_elsewhere, ("node affinity",)),
    Mistake(
        "a claim is of a class that is not there",
        "volume controller",
        _class_missing,
        ('storageclass.storage.k8s.io "gp9" not found',),
    ),
    Mistake(
        "two pods use a claim that is for one pod alone",
        _SCHEDULER,
        _waiting(pod(claimed()), _ONE_POD, pod(claimed(), name="first")),
        ("ReadWriteOncePod",),
    ),
]
