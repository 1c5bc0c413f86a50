"""What Amazon EKS's access policies allow, as roles and bindings of Kubernetes.

On EKS an authoriser of its own decides by them; here the API server's RBAC does. Leaves out the policies that AWS uses
for its own services.

Source: Amazon EKS user guide, "Review access policy permissions"; each line of a policy is one rule there.
"""

from collections.abc import Iterator
from typing import Any

from local_cluster.aws.access_entries import associations, entry_group, policy_group
from local_cluster.aws.deployment import Deployment

_API = "rbac.authorization.k8s.io"
_READ = ("get", "list", "watch")
_WRITE = ("create", "delete", "deletecollection", "patch", "update")
_LABELS = {"app.kubernetes.io/managed-by": "moka-local-cluster"}

Rule = dict[str, Any]

_SEEN: dict[str, str] = {
    "apps": "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status "
    "replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
    "autoscaling": "horizontalpodautoscalers horizontalpodautoscalers/status",
    "batch": "cronjobs cronjobs/status jobs jobs/status",
    "discovery.k8s.io": "endpointslices",
    "extensions": "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses "
    "ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
    "networking.k8s.io": "ingresses ingresses/status networkpolicies",
    "policy": "poddisruptionbudgets poddisruptionbudgets/status",
    "": "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers "
    "replicationcontrollers/scale serviceaccounts services services/status bindings events limitranges "
    "namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status "
    "namespaces",
}
_CHANGED: dict[str, str] = {
    "apps": "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets "
    "statefulsets/scale",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "extensions": "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets "
    "replicasets/scale replicationcontrollers/scale",
    "networking.k8s.io": "ingresses networkpolicies",
    "policy": "poddisruptionbudgets",
    "": "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets "
    "serviceaccounts services services/proxy pods pods/attach pods/exec pods/portforward pods/proxy",
}
_ENTERED = "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"


def _rules(resources: dict[str, str], verbs: tuple[str, ...]) -> list[Rule]:
    return [_rule(group, names, verbs) for group, names in resources.items()]


def _rule(group: str, resources: str, verbs: tuple[str, ...]) -> Rule:
    return {"apiGroups": [group], "resources": resources.split(), "verbs": list(verbs)}


_VIEW = _rules(_SEEN, _READ)
_EDIT = [
    *_VIEW,
    *_rules(_CHANGED, _WRITE),
    _rule("", _ENTERED, _READ),
    _rule("", "serviceaccounts", ("impersonate",)),
]
_ADMIN = [
    *_EDIT,
    _rule("authorization.k8s.io", "localsubjectaccessreviews", ("create",)),
    _rule(_API, "rolebindings roles", (*_WRITE, *_READ)),
]
POLICIES: dict[str, list[Rule]] = {
    "AmazonEKSAdminPolicy": _ADMIN,
    "AmazonEKSAdminViewPolicy": [_rule("*", "*", _READ)],
    "AmazonEKSClusterAdminPolicy": [_rule("*", "*", ("*",)), {"nonResourceURLs": ["*"], "verbs": ["*"]}],
    "AmazonEKSEditPolicy": _EDIT,
    "AmazonEKSViewPolicy": _VIEW,
}


def access_policy_objects() -> list[dict[str, Any]]:
    """A ClusterRole for each access policy, and a binding of it to those who have it in the whole cluster."""
    found: list[dict[str, Any]] = []
    for policy, rules in POLICIES.items():
        name = policy_group(policy)
        found.append({**_object("ClusterRole", name), "rules": rules})
        found.append(_binding("ClusterRoleBinding", name, policy, policy_group(policy)))
    return found


def access_policy_bindings(deployment: Deployment) -> list[dict[str, Any]]:
    """A RoleBinding for each access policy and namespace in which somebody has it.

    Raises:
        ValueError: for a policy that is not known here, and for a pattern of namespaces, which no binding can hold.
    """
    return list(_bindings(deployment))


def _bindings(deployment: Deployment) -> Iterator[dict[str, Any]]:
    for each in associations(deployment):
        if each.policy not in POLICIES:
            raise ValueError(f"{each.principal_arn} has {each.policy}; local clusters know {', '.join(POLICIES)}")
        for namespace in each.namespaces:
            if "*" in namespace:
                raise ValueError(
                    f"{each.principal_arn} has {each.policy} in namespaces {namespace}; local clusters bind it in "
                    "namespaces that are named in full"
                )
            role = each.principal_arn.rsplit("/", 1)[-1]
            bound = _binding(
                "RoleBinding", f"{policy_group(each.policy)}:{role}", each.policy, entry_group(each.principal_arn)
            )
            bound["metadata"]["namespace"] = namespace
            yield bound


def _object(kind: str, name: str) -> dict[str, Any]:
    return {"apiVersion": f"{_API}/v1", "kind": kind, "metadata": {"name": name, "labels": dict(_LABELS)}}


def _binding(kind: str, name: str, policy: str, group: str) -> dict[str, Any]:
    return {
        **_object(kind, name),
        "roleRef": {"apiGroup": _API, "kind": "ClusterRole", "name": policy_group(policy)},
        "subjects": [{"apiGroup": _API, "kind": "Group", "name": group}],
    }
