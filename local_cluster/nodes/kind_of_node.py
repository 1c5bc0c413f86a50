"""Whether a node is real or simulated, as a label says, and how a pod asks for one kind of them.

Source: Kubernetes API reference, NodeAffinity: a node must match one term, and of that term every expression.
"""

from typing import Any, Literal

LABEL = "moka.dev/node"
Kind = Literal["real", "simulated"]
REAL: Kind = "real"
SIMULATED: Kind = "simulated"

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def kept_to(affinity: dict[str, Any] | None, kind: Kind | None) -> dict[str, Any]:
    """An affinity that keeps pods to one kind of node.

    Args:
        affinity: what the pods have; what it said of the kind before is taken out.
        kind: of node; None for both.
    """
    kept = dict(affinity or {})
    nodes = dict(kept.pop("nodeAffinity", None) or {})
    terms = (nodes.pop(_REQUIRED, None) or {}).get("nodeSelectorTerms") or []
    wanted = [{"key": LABEL, "operator": "In", "values": [kind]}] if kind else []
    # An empty term matches no node, so beside others it says nothing.
    own = [term for each in terms if (term := _with_expressions(each, []))]
    made = [_with_expressions(each, wanted) for each in own or [{}]] if wanted else own
    if made:
        nodes[_REQUIRED] = {"nodeSelectorTerms": made}
    return kept | ({"nodeAffinity": nodes} if nodes else {})


def _with_expressions(term: dict[str, Any], wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """A term without what was said of the kind before, and with what is wanted now."""
    others = [each for each in term.get("matchExpressions") or [] if each.get("key") != LABEL]
    made = {name: value for name, value in term.items() if name != "matchExpressions" and value}
    return made | ({"matchExpressions": [*others, *wanted]} if others or wanted else {})


def is_real(node: dict[str, Any]) -> bool:
    """Whether a node runs containers."""
    return node["metadata"]["labels"].get(LABEL) == REAL
