"""Every group of pods that a stack can have: of its workloads, of Spark, of its teams' people, and of add-ons.

Pods that Spark, the Spark Operator or YuniKorn make are no objects. Drivers and executors come from their templates; a
gang's placeholders, and whatever people with rights in such a namespace make, are `any pod`: pods with labels and ports
that nobody knows.

Sources: Amazon EKS user guide, "Community add-ons", for the namespace of kube-state-metrics; kubernetes/kubernetes,
cluster/addons/dns/coredns, for the label of the DNS pods.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from offline.checks.kubernetes.addon_pods import ADDON
from offline.checks.kubernetes.objects import PodTemplate, items, mapping
from offline.checks.kubernetes.spark_templates import SparkPods, spark_pods
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import is_unknown
from offline.reachability.endpoint import Endpoint, Pods
from offline.reachability.errors import ReachabilityError
from offline.reachability.ports import NO_PORT, PROTOCOLS, Ports, ports
from offline.reachability.selection import Labels

DNS = "kube-system/DNS"
ANY_POD = "any pod"
_NAME_LABEL = "kubernetes.io/metadata.name"
_NAMESPACES_OF_ADDONS = {"kube-state-metrics": "kube-state-metrics"}
_ADDONS_NAMESPACE = "kube-system"


@dataclass(frozen=True)
class PodNetwork:
    """What all pods have from the nodes that they lie on.

    Args:
        networks: where their addresses are.
        groups: ids of their security groups.
    """

    networks: tuple[IPv4Network, ...]
    groups: frozenset[str]

    def endpoint(self, name: str, pods: Pods | None) -> Endpoint:
        """Pods, or without `pods` what is on its node's network."""
        return Endpoint(name, self.networks, pods, self.groups, is_in_cluster=True, opens=True)


def pod_endpoints(stack: Stack, network: PodNetwork, dns_address: IPv4Network) -> Iterator[Endpoint]:
    """All groups of pods, by namespace.

    Args:
        stack: the resources.
        network: of the pods.
        dns_address: the service address of DNS.
    """
    found = [*_workloads(stack, network), *_spark(stack, network), *_addons(stack, network, dns_address)]
    yield from sorted(found, key=lambda endpoint: endpoint.name)


def _workloads(stack: Stack, network: PodNetwork) -> Iterator[Endpoint]:
    for each in stack.objects:
        if each.pods is None:
            continue
        if is_unknown(each.namespace) or is_unknown(each.name):
            raise ReachabilityError(f"{each.kind} {each.resource.name} has a name or namespace that is not known")
        is_bound = each.pods.spec.get("hostNetwork") is not True
        pods = _pods(stack, each.namespace, Labels(each.pods.labels), _named(each.pods)) if is_bound else None
        yield network.endpoint(f"{each.namespace}/{each.name}", pods)


def _spark(stack: Stack, network: PodNetwork) -> Iterator[Endpoint]:
    namespaces: set[str] = set()
    for each in spark_pods(stack):
        namespace = each.holder.namespace
        if not _is_submitters(stack, each):
            namespaces.add(namespace)
            labels = Labels(each.pods.labels, others=True)
            # Spark names its ports and picks some of them anew for each application.
            yield network.endpoint(
                f"{namespace}/Spark {each.pods.labels['spark-role']}s", _pods(stack, namespace, labels, None)
            )
    for namespace in namespaces:
        yield network.endpoint(f"{namespace}/{ANY_POD}", _pods(stack, namespace, Labels(others=True), None))


def _is_submitters(stack: Stack, found: SparkPods) -> bool:
    """Whether a workload reads the settings to submit with: its applications' pods are in other namespaces."""
    return any(
        mapping(volume.get("configMap")).get("name") == found.holder.name
        for _, pods in stack.pods_in(found.holder.namespace)
        for volume in items(pods.spec.get("volumes"))
    )


def _addons(stack: Stack, network: PodNetwork, dns_address: IPv4Network) -> Iterator[Endpoint]:
    addons = {str(each.plain_inputs.get("addonName")) for each in stack.resources if each.type == ADDON}
    if not addons:
        return
    yield network.endpoint(f"{_ADDONS_NAMESPACE}/add-ons", _pods(stack, _ADDONS_NAMESPACE, Labels(others=True), None))
    if "coredns" in addons:
        labels = Labels({"k8s-app": "kube-dns"}, others=True)
        listens = ports([("TCP", 53, 53), ("UDP", 53, 53)])
        pods = _pods(stack, _ADDONS_NAMESPACE, labels, None)
        yield replace(network.endpoint(DNS, pods), listens=listens, service_networks=(dns_address,))
    for addon, namespace in _NAMESPACES_OF_ADDONS.items():
        if addon in addons:
            yield network.endpoint(f"{namespace}/add-ons", _pods(stack, namespace, Labels(others=True), None))


def _pods(stack: Stack, namespace: str, labels: Labels, named: Mapping[str, Ports] | None) -> Pods:
    made = stack.find("Namespace", "", namespace)
    # Who makes the namespaces of add-ons labels them, too.
    known = Labels({**(made.labels if made else {}), _NAME_LABEL: namespace}, others=made is None)
    return Pods(namespace, labels, known, named)


def _named(pods: PodTemplate) -> dict[str, Ports]:
    found: dict[str, Ports] = {}
    for _, container in pods.containers():
        for port in items(container.get("ports")):
            name, number, protocol = port.get("name"), port.get("containerPort"), str(port.get("protocol") or "TCP")
            if name and isinstance(number, int) and protocol in PROTOCOLS:
                found[str(name)] = found.get(str(name), NO_PORT) | ports([(protocol, number, number)])
    return found
