"""The same requests as `offline.isolation.matrix` asks, for a program that somebody else wrote.

Requests that differ in names alone are asked once: a statement that can match neither the action nor the resource says
nothing about a request, so it is left out, and accounts, environments and the target are called alike. What is left
out is decided by `fnmatch`, not by the evaluator whose answers are compared.

Source: `@cloud-copilot/iam-simulate`, README, "Simulation".
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.checks.iam.evaluation import Policy
from offline.isolation.document import relevant
from offline.isolation.layers import LAYERS, Crossing, Layer, open_policy

_SOURCE, _OWNER = "100000000000", "200000000000"
Simulation = dict[str, Any]
Statements = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Question:
    """One request with some layers taken away.

    Args:
        words: the first request that stands for it, for people.
        simulation: as the program takes it.
        allowed: what the project's own evaluator says.
    """

    words: str
    simulation: Simulation
    allowed: bool


def questions(crossings: Iterable[tuple[Crossing, frozenset[Layer]]]) -> Iterator[Question]:
    """Each different question, with every layer in force, with each one taken away, and with none left.

    Args:
        crossings: the requests, and the layers that refuse each by the project's own evaluator.

    Raises:
        ValueError: two requests that are called alike get different answers by the project's own evaluator.
    """
    seen: dict[str, frozenset[Layer]] = {}
    known: set[tuple[Any, ...]] = set()
    for crossing, refusing in crossings:
        met: frozenset[Layer] = frozenset(layer for layer in LAYERS if crossing.meets(layer))
        parts: dict[Layer, list[Statements]] = {
            layer: [relevant(each, crossing.action, crossing.target.arn) for each in crossing.policies(layer)]
            for layer in LAYERS
        }
        same = _same(crossing, parts, refusing)
        if same in known:
            continue
        known.add(same)
        policies = {layer: [_policy(each) for each in parts[layer]] if layer in met else [] for layer in LAYERS}
        alike = _alike({"policies": policies, "met": sorted(met), **_request(crossing)}, crossing)
        if alike in seen:
            if seen[alike] != refusing:
                raise ValueError(f"{_words(crossing)} is refused by other layers than a request that is called alike")
            continue
        seen[alike] = refusing
        renamed: Mapping[str, Any] = json.loads(alike)
        alone: list[frozenset[Layer]] = [frozenset((layer,)) for layer in LAYERS if layer in met]
        nothing: frozenset[Layer] = frozenset()
        for removed in (nothing, *alone, met):
            yield Question(
                f"{_words(crossing)} without {', '.join(sorted(removed)) or 'nothing'}",
                _simulation(renamed, removed),
                allowed=not refusing - removed,
            )


def _request(crossing: Crossing) -> Mapping[str, Any]:
    return {
        "principal": crossing.principal.arn,
        "action": crossing.action,
        "resource": crossing.target.arn,
        "context": {**crossing.request.keys()},
    }


def _same(crossing: Crossing, parts: Mapping[Layer, list[Statements]], refusing: frozenset[Layer]) -> tuple[Any, ...]:
    """What two requests for one target have in common that need no look at their names; quick to compare."""
    statements = tuple(id(each) for layer in LAYERS for part in parts[layer] for each in part)
    treatment = tuple(crossing.treatment(layer) for layer in LAYERS)
    context = tuple(sorted(crossing.context.items()))
    accounts = crossing.source.account.id, crossing.owner.account.id
    return (*accounts, crossing.action, crossing.target.arn, context, statements, treatment, refusing)


def _policy(statements: Statements) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _alike(content: Mapping[str, Any], crossing: Crossing) -> str:
    """The question with names that stand for every account, environment, role and target of its kind."""
    source, owner = crossing.source.account, crossing.owner.account
    text = json.dumps(content, sort_keys=True)
    name = crossing.target.arn.rpartition("/" if crossing.target.kind in ("key", "role") else ":")[2]
    if crossing.target.kind == "object":
        name = crossing.target.arn.rpartition(":")[2].partition("/")[0]
    if crossing.target.kind == "repository":
        name = crossing.target.arn.partition(":repository/")[2]
    renamed = (
        (json.dumps(crossing.principal.arn), json.dumps(f"arn:aws:iam::{_SOURCE}:role/somebody")),
        (name, "00000000-0000-0000-0000-000000000000" if crossing.target.kind == "key" else "target"),
        (source.id, _SOURCE),
        (owner.id, _OWNER),
        (source.cluster_name, "moka-source"),
        (owner.cluster_name, "moka-owner"),
    )
    for old, new in renamed:
        text = text.replace(old, new)
    return text


def _simulation(question: Mapping[str, Any], removed: frozenset[Layer]) -> Simulation:
    policies: dict[Layer, list[Policy]] = question["policies"] | {
        layer: [open_policy(layer).content] for layer in removed
    }
    return {
        "request": {
            "principal": question["principal"],
            "action": question["action"],
            "resource": {"resource": question["resource"], "accountId": _OWNER},
            "contextVariables": question["context"],
        },
        "identityPolicies": _named(policies["identity"]),
        "serviceControlPolicies": [{"orgIdentifier": "account", "policies": _named(policies["service control"])}],
        # The program itself adds the one that lets everything pass, and takes denials alone.
        "resourceControlPolicies": [
            {"orgIdentifier": "account", "policies": _named(_denials(policies["resource control"]))}
        ],
        **({"permissionBoundaryPolicies": _named(policies["boundary"])} if policies["boundary"] else {}),
        **({"resourcePolicy": policies["resource"][0]} if policies["resource"] else {}),
        **({"vpcEndpointPolicies": _named(policies["endpoint"])} if policies["endpoint"] else {}),
    }


def _denials(policies: Iterable[Policy]) -> Iterator[Policy]:
    for policy in policies:
        if denials := [each for each in policy["Statement"] if each["Effect"] == "Deny"]:
            yield {**policy, "Statement": denials}


def _named(policies: Iterable[Policy]) -> list[Mapping[str, Any]]:
    return [{"name": f"policy-{index}", "policy": policy} for index, policy in enumerate(policies)]


def _words(crossing: Crossing) -> str:
    return f"{crossing.action} by {crossing.principal.arn} on {crossing.target.arn}"
