"""Planted mistakes that the API server takes: what only a drain, the network or the scheduler would find."""

from collections.abc import Callable

from tests.checks.planted import Inputs, Planted, drop, put

_REFERENCES = "kubernetes-references"

_BUDGET = ("kubernetes:policy/v1:PodDisruptionBudget", "prometheus")
_SHIPPER = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "cluster-events")
_MONITORING = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "monitoring-ingress")
_DRIVERS = ("aws:eks/nodeGroup:NodeGroup", "driver-intel-nodes")
_FILES = ("kubernetes:core/v1:ConfigMap", "spark-analytics-defaults")

_PEER, _PEER_PLACE = "spec/ingress/0/from/0", "spec.ingress[0].from[0]"
_DRIVER, _EXECUTOR, _SETTINGS = "driver-pod-template.yaml", "executor-pod-template.yaml", "spark-defaults.conf"
_OTHER_PODS = {"matchLabels": {"app": "other"}}


def change(where: tuple[str, str], changed: Callable[[Inputs], object], place: str, says: str) -> Planted:
    return Planted(*where, changed, _REFERENCES, place, says)


def budget(place: str, says: str, **values: object) -> Planted:
    """A budget of nothing but these values, over two replicas."""

    def changed(inputs: Inputs) -> None:
        inputs["spec"].pop("maxUnavailable")
        inputs["spec"].update(values)

    return change(_BUDGET, changed, f"spec.{place}", says)


def file(name: str, old: str, new: str, says: str, place: str = "") -> Planted:
    """A change in one of Spark's files; found there unless another one is named."""

    def changed(inputs: Inputs) -> None:
        assert old in inputs["data"][name]
        inputs["data"][name] = inputs["data"][name].replace(old, new)

    return change(_FILES, changed, f'data["{place or name}"]', says)


SCHEDULING_MISTAKES: tuple[Planted, ...] = (
    # Budgets that let no drain through.
    budget("maxUnavailable", "never lets a node be drained", maxUnavailable=0),
    budget("maxUnavailable", "never lets a node be drained", maxUnavailable="0%"),
    budget("minAvailable", "there are 2 replicas", minAvailable=2),
    budget("minAvailable", "there are 2 replicas", minAvailable="100%"),
    budget("minAvailable", "there are 2 replicas", minAvailable="51%"),
    # Two budgets over the same pods.
    change(
        ("kubernetes:policy/v1:PodDisruptionBudget", "alertmanager"),
        put("spec/selector", {}),
        "spec.selector",
        "selects too",
    ),
    # A budget over Spark's pods, which no object of the stack makes.
    change(
        ("kubernetes:policy/v1:PodDisruptionBudget", "spark-analytics-drivers"),
        put("spec/selector/matchLabels", {"spark-role": "drivers"}),
        "spec.selector",
        "selects no pod",
    ),
    # Peers that nobody is.
    change(
        _SHIPPER,
        put(f"{_PEER}/namespaceSelector", {"matchLabels": {"kubernetes.io/metadata.name": "monitor"}}),
        f"{_PEER_PLACE}.namespaceSelector",
        "matches no namespace",
    ),
    change(_SHIPPER, put(f"{_PEER}/podSelector", _OTHER_PODS), f"{_PEER_PLACE}.podSelector", "in namespace monitoring"),
    change(_MONITORING, put(f"{_PEER}/podSelector", _OTHER_PODS), f"{_PEER_PLACE}.podSelector", "matches no pod"),
    # Nodes that no pod is meant for.
    change(_DRIVERS, put("taints/0/value", "spark-drivers"), "taints", "is tolerated by no pod"),
    change(_DRIVERS, put("taints/0/key", "moka/workloads"), "taints", "is tolerated by no pod"),
    change(_DRIVERS, put("labels", {"moka/workload": "drivers"}), "taints", "is tolerated by no pod"),
    # Spark's pods that fit no node.
    file(_DRIVER, "value: spark-driver", "value: spark-drivr", "tolerates the taints of no node group"),
    file(_EXECUTOR, "effect: NoSchedule", "effect: NoExecute", "tolerations, has \"[{'key': 'moka/workload'"),
    file(_SETTINGS, "workload spark-driver", "workload spark-drivr", "fits no node group", _DRIVER),
    file(_EXECUTOR, "kind: Pod", "kind: Pods", "is no Pod"),
    change(_FILES, drop(f"data/{_EXECUTOR}"), f'data["{_SETTINGS}"]', "the executor's template"),
)
