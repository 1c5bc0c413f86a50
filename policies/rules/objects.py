"""Rules of Kubernetes objects.

Source: CIS Amazon EKS Benchmark 1.8.0, section 4; Kubernetes documentation, "RBAC good practices".
"""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.resource import Resource, Rule

_RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
_ROLES = (f"{_RBAC}Role", f"{_RBAC}ClusterRole")
_NAMESPACE = "kubernetes:core/v1:Namespace"
_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_WORKLOADS = ("kubernetes:apps/v1:", "kubernetes:batch/v1:")
_SPACED = ("kubernetes:apps/v1:", "kubernetes:batch/v1:", "kubernetes:core/v1:", "kubernetes:networking.k8s.io/v1:")
_WITHOUT_NAMESPACE = ("kubernetes:core/v1:Namespace", "kubernetes:core/v1:PersistentVolume")
_TAKING_OVER = {"bind", "escalate", "impersonate"}


def names_what_it_allows(role: Resource) -> Iterator[str]:
    """No role of this program allows everything, or lets somebody become somebody else."""
    for index, rule in enumerate(role.get("rules", ())):
        for part in ("verbs", "resources", "apiGroups"):
            if "*" in (rule.get(part) or ()):
                yield f"rules[{index}].{part} holds *: name what the program uses"
        if taking := _TAKING_OVER & set(rule.get("verbs") or ()):
            yield f"rules[{index}].verbs holds {', '.join(sorted(taking))}, which take other rights; leave it out"


def makes_no_masters(binding: Resource) -> Iterator[str]:
    """Nobody is bound to cluster-admin."""
    if binding.get("roleRef.name") == "cluster-admin":
        yield "roleRef.name is cluster-admin: access entries of cluster.access.admin are the only way to it"


def enforces_pod_security(space: Resource) -> Iterator[str]:
    """A namespace says which pods it takes."""
    if not space.get("metadata.labels", {}).get("pod-security.kubernetes.io/enforce"):
        yield "metadata.labels lacks pod-security.kubernetes.io/enforce; make it with components/workloads/namespace.py"


def lies_in_a_namespace(thing: Resource) -> Iterator[str]:
    """Nothing is put into the default namespace, nor anywhere by accident."""
    if thing.type in _WITHOUT_NAMESPACE:
        return
    if (space := thing.get("metadata.namespace", "")) in ("", "default"):
        yield f"metadata.namespace is {space!r}: name the namespace of its component"


def reads_secrets_from_files(workload: Resource) -> Iterator[str]:
    """Secrets come as files: variables end in crash reports and in logs."""
    for container in _containers(workload):
        for variable in container.get("env") or ():
            if "secretKeyRef" in (variable.get("valueFrom") or ()):
                yield f"container {container.get('name')} has secret {variable.get('name')} in a variable; mount it"


def closes_namespaces(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Every namespace of this program has a policy that binds all of its pods, both ways."""
    bound = {
        each.get("metadata.namespace")
        for each in resources
        if each.type == _POLICY and not each.get("spec.podSelector") and "Ingress" in each.get("spec.policyTypes", ())
    }
    for space in resources:
        if space.type == _NAMESPACE and (name := space.get("metadata.name")) not in bound:
            yield space, f"namespace {name} has no network policy for all of its pods; make one beside it"


def _containers(workload: Resource) -> Iterator[dict[str, Any]]:
    for spec in ("spec.template.spec", "spec.jobTemplate.spec.template.spec"):
        yield from workload.get(f"{spec}.containers", ())
        yield from workload.get(f"{spec}.initContainers", ())


RULES = (
    Rule("roles-name-what-they-allow", (10, 13), "Roles allow what they name", _ROLES, names_what_it_allows),
    Rule(
        "nobody-is-cluster-admin",
        (8,),
        "Nobody is bound to cluster-admin",
        (f"{_RBAC}ClusterRoleBinding",),
        makes_no_masters,
    ),
    Rule(
        "namespaces-enforce-pod-security",
        (15,),
        "Namespaces say which pods they take",
        (_NAMESPACE,),
        enforces_pod_security,
    ),
    Rule("objects-lie-in-a-namespace", (22,), "Nothing is in the default namespace", _SPACED, lies_in_a_namespace),
    Rule("secrets-are-files", (21,), "Secrets are no variables", _WORKLOADS, reads_secrets_from_files),
    Rule("namespaces-are-closed", (18,), "A policy binds every pod", (_NAMESPACE, _POLICY), together=closes_namespaces),
)
