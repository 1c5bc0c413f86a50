"""Planted mistakes in releases of charts, in what they bring, and in custom resources of kinds that they bring."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.checks.installed import APPLICATION, KINDS, NODE_CLASS, NODE_POOL, OPERATOR
from tests.checks.planted import Inputs, Planted, drop, put

_CUSTOM = "api-server"


def _row(
    judge: str, where: tuple[str, str], change: Callable[[Inputs], object], place: str, says: str, **more: Any
) -> Planted:
    return Planted(*where, change, judge, place, says, stack="installed", **more)


def _release(where: tuple[str, str], path: str, value: object, says: str, place: str = "") -> Planted:
    return _row("releases", where, put(path, value), (place or path).replace("/", "."), says)


def _unrendered(path: str, value: object, says: str, place: str = "") -> Planted:
    """A value with which nothing is rendered, so that the kinds are missing that the chart would bring."""
    return replace(_release(OPERATOR, path, value, says, place), alone=False)


def _other_kind(inputs: Inputs) -> None:
    inputs.update(apiVersion="karpenter.sh/v1", kind="NodePol")


def _as_it_is(_inputs: Inputs) -> None:
    """The inputs are right; only the order is wrong."""


def _in_what_it_brings(path: str, value: object, judge: str, found: tuple[str, str], says: str) -> Planted:
    """A value that makes a wrong object of the chart's, which is found in that object, at a place."""
    return _row(judge, OPERATOR, put(path, value), found[1], says, found_in=f"operator/{found[0]}")


_POD = "spec.template.spec"


def _controller(place: str) -> tuple[str, str]:
    return "Deployment/spark-operator-controller", f"{_POD}.{place}"


def _webhook(place: str) -> tuple[str, str]:
    return "Deployment/spark-operator-webhook", f"{_POD}.{place}"


RELEASE_MISTAKES = [
    _release(OPERATOR, "values/controller/replica", 2, "the chart has no such value there"),
    _release(OPERATOR, "values/webhook/leaderElection/enabled", True, "it has"),
    _release(OPERATOR, "values/controller/workers", "many", "the chart has a number there"),
    _unrendered("values/spark/jobNamespaces", "spark-ads", "the chart has a list there"),
    _unrendered("values/webhook/leaderElection", True, "the chart has a map there"),
    _unrendered("values/controller/replicas", 1, "greater than 1", "values"),
    _unrendered("chart", "spark-operater", "is no chart on this machine"),
    _release(OPERATOR, "version", "2.4.0", "which is 2.5.0"),
    _unrendered("name", "Operator", "invalid"),
    _release(KINDS, "values/annotations", {"team": "platform"}, "no such value"),
]

BROUGHT_MISTAKES = [
    _in_what_it_brings(
        "values/controller/securityContext/allowPrivilegeEscalation",
        True,
        "pod-security",
        _controller("containers[0]"),
        "allowPrivilegeEscalation",
    ),
    _in_what_it_brings(
        "values/webhook/resources/requests/memory",
        "256Mo",
        "api-server",
        _webhook("containers[0].resources.requests.memory"),
        "quantities must match",
    ),
    _in_what_it_brings(
        "values/controller/podSecurityContext/runAsUsr",
        185,
        "api-server",
        _controller("securityContext.runAsUsr"),
        "no such field",
    ),
    _in_what_it_brings(
        "values/webhook/priorityClassName",
        "moka-platfrom",
        "kubernetes-references",
        _webhook("priorityClassName"),
        "names a PriorityClass",
    ),
    _in_what_it_brings(
        "values/controller/volumes/1/configMap/name",
        "files",
        "kubernetes-references",
        _controller("volumes[1].configMap.name"),
        "names a ConfigMap",
    ),
    _in_what_it_brings(
        "values/image/tag",
        "latest",
        "kubernetes-references",
        _webhook("containers[0].image"),
        "tag latest",
    ),
    _in_what_it_brings(
        "values/spark/jobNamespaces/0",
        "spark-adds",
        "kubernetes-references",
        ("Role/spark-operator-controller", "metadata.namespace"),
        "names a Namespace",
    ),
]


def _custom(where: tuple[str, str], path: str, value: object, says: str, place: str = "") -> Planted:
    dotted = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in (place or path).split("/"))
    return _row(_CUSTOM, where, put(path, value), dotted.removeprefix("."), says)


CUSTOM_MISTAKES = [
    _custom(NODE_POOL, "spec/weight", 101, "less than or equal to 100"),
    _custom(NODE_POOL, "spec/template/spec/nodeClasRef", {}, "no such field"),
    _custom(
        NODE_POOL,
        "spec/template/spec/requirements/0",
        {"key": "karpenter.sh/nodepool", "operator": "Exists"},
        "restricted",
        "spec/template/spec/requirements/0/key",
    ),
    _custom(NODE_POOL, "spec/disruption/consolidationPolicy", "Never", "supported values"),
    _row(
        _CUSTOM,
        NODE_POOL,
        drop("spec/disruption/consolidateAfter"),
        "spec.disruption.consolidateAfter",
        "required",
    ),
    _custom(NODE_POOL, "spec/template/spec/expireAfter", "a month", "should match"),
    _custom(NODE_CLASS, "spec/amiSelectorTerms", [], "at least 1", "spec/amiSelectorTerms"),
    _custom(
        NODE_CLASS,
        "spec/amiSelectorTerms/0/id",
        "ami-0123456789abcdef1",
        "mutually exclusive",
        "spec/amiSelectorTerms",
    ),
    _custom(NODE_CLASS, "spec/amiSelectorTerms/0/alias", "al3@v1", "family is not supported"),
    _custom(NODE_CLASS, "spec/metadataOptions/httpTokens", "maybe", "supported values"),
    _custom(NODE_CLASS, "spec/instanceStorePolcy", "RAID0", "no such field"),
    _custom(APPLICATION, "spec/mode", "clutser", "supported values"),
    _custom(APPLICATION, "spec/driver/cores", 0, "greater than or equal to 1"),
    _custom(APPLICATION, "spec/executor/instances", "two", "must be of type integer"),
    _custom(APPLICATION, "spec/executor/memroy", "4g", "no such field"),
    _row(_CUSTOM, APPLICATION, drop("spec/sparkVersion"), "spec.sparkVersion", "required"),
    _custom(APPLICATION, "apiVersion", "sparkoperator.k8s.io/v1", 'serves no version "v1"'),
    _row(_CUSTOM, NODE_POOL, _other_kind, "kind", "nothing in the stack defines"),
    _row("order", NODE_POOL, _as_it_is, "kind", "does not wait for karpenter-kinds", cut=frozenset({KINDS})),
    _row("order", APPLICATION, _as_it_is, "kind", "does not wait for operator", cut=frozenset({OPERATOR})),
    _row(
        "releases",
        OPERATOR,
        _as_it_is,
        "namespace",
        "does not wait for",
        cut=frozenset({("kubernetes:core/v1:Namespace", "spark-operator")}),
    ),
    _row("releases", OPERATOR, put("namespace", "spark-operater"), "namespace", "names a Namespace", alone=False),
]

CHART_MISTAKES = [*RELEASE_MISTAKES, *BROUGHT_MISTAKES, *CUSTOM_MISTAKES]
