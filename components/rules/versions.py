"""Kubernetes versions of the control plane, of nodes and of kube-proxy, against each other and the calendar.

Stands outside the settings models, so that a version out of support is reported beside other errors, and not hidden
behind them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from components.cluster.kubernetes_version import (
    END_OF_STANDARD_SUPPORT,
    is_newer_than_calendar,
    minor_version,
    standard_support_problem,
)
from components.cluster.node_settings import NodeSettings
from components.cluster.settings import ClusterSettings
from components.model import Violation

# Kubernetes, "Version Skew Policy": kubelet and kube-proxy may be three minor versions older than the API server.
OLDEST_SKEW = 3


def rules_of_versions(
    cluster: ClusterSettings, nodes: Mapping[str, NodeSettings], *, is_new: bool
) -> Iterable[Violation]:
    """Nodes and kube-proxy are of the control plane's minor version, or as far behind as an upgrade may leave them.

    Args:
        cluster: the control plane's settings.
        nodes: node groups and pools by path.
        is_new: whether the environment is still to be made; then nothing has a reason to be behind.
    """
    releases = {"cluster.addons.kube_proxy": cluster.addons.kube_proxy, "cluster.node_release": cluster.node_release}
    releases |= {f"{path}.node_release": each.node_release for path, each in nodes.items() if each.node_release}
    newest = minor_version(cluster.kubernetes_version)
    oldest = newest if is_new else newest - OLDEST_SKEW
    for field, value in releases.items():
        if not oldest <= minor_version(value.removeprefix("v")) <= newest:
            yield Violation(
                field,
                value,
                f"must be a release of Kubernetes {cluster.kubernetes_version}"
                + ("" if is_new else f", or of one of the {OLDEST_SKEW} minor versions before it"),
                "nodes and kube-proxy newer than the control plane, or much older, do not work with it",
                "change it together with kubernetes_version; docs/upgrades.md has the order",
            )


def rules_of_support(version: str, today: date, deployed: Mapping[str, Any] | None) -> Iterable[Violation]:
    """A new environment, and an upgrade, get a version in standard support; one that runs may go on as it is.

    An environment that runs may also be at a version newer than the calendar: Amazon EKS may have upgraded it there.

    Args:
        version: the control plane's minor version.
        today: the date to judge by.
        deployed: the settings that the environment was last deployed with; None for one that is not there.
    """
    if runs_already(version, deployed) or (deployed and is_newer_than_calendar(version)):
        return
    if problem := standard_support_problem(version, today):
        supported = [each for each in END_OF_STANDARD_SUPPORT if not standard_support_problem(each, today)]
        yield Violation(
            "cluster.kubernetes_version",
            version,
            "must be in standard support in a new environment and after an upgrade",
            f"{problem}; Amazon EKS upgrades it by itself",
            f"write {supported[-1] if supported else 'a version of the current calendar'}",
        )


def support_warning(version: str, today: date, deployed: Mapping[str, Any] | None) -> str | None:
    """What must be said loudly of a version that runs although its standard support has ended; None while it has not.

    Args:
        version: the control plane's minor version.
        today: the date to judge by.
        deployed: the settings that the environment was last deployed with; None for one that is not there.
    """
    problem = standard_support_problem(version, today)
    if problem and deployed and is_newer_than_calendar(version):
        return (
            f"{problem}: a release of this program that knows {version} says until when it may run. Look with "
            f"aws eks describe-cluster-versions --cluster-versions {version}."
        )
    if problem is None or not runs_already(version, deployed):
        return None
    return (
        f"{problem}. Amazon EKS upgrades this cluster by itself at a time of its own choosing: "
        "upgrade it before, as docs/upgrades.md says."
    )


def runs_already(version: str, deployed: Mapping[str, Any] | None) -> bool:
    """Whether the environment was last deployed with this version."""
    return (deployed or {}).get("cluster", {}).get("kubernetes_version") == version
