"""A stack's exported deployment as a graph: who needs whom, and in which order it could be taken down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from offline.checks.graph import Graph

Resource = Mapping[str, Any]


def type_of(urn: str) -> str:
    """Type token of a URN."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """Logical name of a URN."""
    return urn.rsplit("::", 1)[-1]


# The classes of resources in the order in which they must go, each before the next.
TEARDOWN: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("workloads", lambda urn: type_of(urn).startswith("kubernetes:apps/")),
    ("controllers", lambda urn: _is_addon(urn) and not _comes_before_nodes(urn) and not _stays_on_nodes(urn)),
    ("nodes", lambda urn: type_of(urn) == "aws:eks/nodeGroup:NodeGroup"),
    (
        "CNI, pod identity agent and identities",
        lambda urn: _is_identity(urn) or (_is_addon(urn) and _comes_before_nodes(urn)),
    ),
    ("cluster", lambda urn: type_of(urn) == "aws:eks/cluster:Cluster"),
    ("VPC", lambda urn: type_of(urn) == "aws:ec2/vpc:Vpc"),
)


def _is_addon(urn: str) -> bool:
    return type_of(urn) == "aws:eks/addon:Addon"


def _is_identity(urn: str) -> bool:
    return type_of(urn) == "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def _comes_before_nodes(urn: str) -> bool:
    return any(word in name_of(urn) for word in ("vpc-cni", "pod-identity-agent"))


def _stays_on_nodes(urn: str) -> bool:
    # pulumi-eks preserves kube-proxy: deleting the add-on leaves its pods, so it may go at any time.
    return "kube-proxy" in name_of(urn)


def classes(urns: Iterable[str]) -> dict[str, list[str]]:
    """Class of TEARDOWN to the URNs that belong to it."""
    found = list(urns)
    return {name: [urn for urn in found if belongs(urn)] for name, belongs in TEARDOWN}


def needs(resources: Sequence[Resource]) -> dict[str, frozenset[str]]:
    """URN to every URN that must outlive it: dependencies, parent and provider, and theirs in turn."""
    order = Graph.of_deployment({"resources": resources})
    return {resource["urn"]: order.before(resource["urn"]) for resource in resources}
