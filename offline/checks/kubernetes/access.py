"""Roles grant something: their rules name resources and verbs that exist, and bindings name roles and accounts.

The API server takes any text in a rule, and a misspelt resource grants nothing.

Source: `api_resources.json`, made from api/discovery/aggregated_v2.json of k8s.io/kubernetes 1.35, with what the
kubelet authorises ("Kubelet authentication/authorization") and the metrics APIs added; verbs beyond the API's own from
"Authorization" and "Using RBAC Authorization"; monitors of the Prometheus Operator, whose definitions people install,
from its API reference, monitoring.coreos.com. Groups of custom resources count as known when the stack defines them.
Charts name groups that a cluster may have or not, such as those of other schedulers: these are nobody's mistake.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, items, known_text, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import has_unknown

_TABLE = Path(__file__).with_name("api_resources.json")
_SOURCE = "Kubernetes 1.35 API discovery"
# Verbs that admission and authorisation ask about, on no resource's own account.
_SPECIAL_VERBS = frozenset({"approve", "attest", "bind", "escalate", "impersonate", "sign", "use"})
_ROLES = ("ClusterRole", "Role")


@cache
def _api_resources() -> dict[str, dict[str, list[str]]]:
    """Verbs by resource by group."""
    return json.loads(_TABLE.read_text())


def access_rules_name_something(judge: str, stack: Stack) -> Iterable[Finding]:
    """Groups, resources and verbs of each rule exist."""
    own = {known_text(each.spec.get("group")) for each in stack.objects if each.kind == "CustomResourceDefinition"}
    for found in stack.objects:
        if found.kind in _ROLES:
            for index, rule in enumerate(items(found.content.get("rules"))):
                if not has_unknown(rule):
                    yield from _rule(judge, found, f"rules[{index}]", rule, own)


def _rule(
    judge: str, found: KubernetesObject, path: str, rule: dict[str, list[str]], own: set[str]
) -> Iterable[Finding]:
    groups = rule.get("apiGroups") or []
    if found.resource.part_of and not all(group in own or group in _api_resources() for group in groups):
        return
    for index, group in enumerate(groups):
        if group != "*" and group not in own and group not in _api_resources():
            fix = "Correct the group, or add it to the table beside the judge where an operator serves it"
            yield found.finding(judge, f"{path}.apiGroups[{index}]", "is no API group", _SOURCE, fix)
    if "*" in groups or own & set(groups):
        return
    allowed: set[str] = set()
    for index, resource in enumerate(rule.get("resources") or []):
        verbs = [_api_resources().get(group, {}).get(resource) for group in groups]
        allowed |= {verb for each in verbs for verb in each or ()}
        if "*" in resource:
            return
        if not any(each is not None for each in verbs):
            named = ", ".join(group or '""' for group in groups)
            fix = "Use the plural name in lower case, with its group"
            yield found.finding(judge, f"{path}.resources[{index}]", f"is no resource of group {named}", _SOURCE, fix)
    if not allowed:
        return
    for index, verb in enumerate(rule.get("verbs") or []):
        if verb not in allowed | _SPECIAL_VERBS | {"*"}:
            rule_text = f"is no verb of the rule's resources, which have {', '.join(sorted(allowed))}"
            yield found.finding(judge, f"{path}.verbs[{index}]", rule_text, _SOURCE, "Correct the verb")


def granted_roles_exist(judge: str, stack: Stack) -> Iterable[Finding]:
    """Bindings name a role, and service accounts in namespaces of the stack."""
    for found in stack.objects:
        if found.kind not in ("ClusterRoleBinding", "RoleBinding"):
            continue
        source = 'Kubernetes documentation, "Using RBAC Authorization"'
        role = mapping(found.content.get("roleRef"))
        kind, name = known_text(role.get("kind")), known_text(role.get("name"))
        namespace = found.namespace if kind == "Role" else ""
        if kind in _ROLES and name and not stack.has(kind, namespace, name):
            rule = f"names a {kind} that neither the stack nor a fresh cluster has"
            yield found.finding(judge, "roleRef.name", rule, source, f"Create the {kind}, or correct the name")
        for index, subject in enumerate(items(found.content.get("subjects"))):
            namespace, name = known_text(subject.get("namespace")), known_text(subject.get("name"))
            if subject.get("kind") != "ServiceAccount" or not name or not namespace:
                continue
            if not stack.has("ServiceAccount", namespace, name):
                rule = f"names a service account that namespace {namespace} does not have"
                fix = "Create the ServiceAccount, or correct name and namespace"
                yield found.finding(judge, f"subjects[{index}].name", rule, source, fix)
