"""What the API server itself refuses outside of team namespaces: a way into the platform's pods.

A command in such a pod has the pod's token, its role in AWS and its secrets. So `exec`, `attach`, debug containers and
the proxies of the API server are for administrators. On-call engineers go on to read logs, and to forward ports of
those pods that have pages for people, where they see what they saw before.

A node's proxy is a way into every pod of the node: its kubelet runs commands for whoever may read it.

It keeps honest people from shortcuts, and makes a stolen session of theirs worth less. It does not hold back somebody
who may change the platform's workloads, as `cluster.access.operator` may: that somebody makes a pod of its own beside
them, which the audit log shows.

Source: Kubernetes documentation, "Validating Admission Policy"; Kubernetes API reference, Pod v1, connect operations;
"Kubelet authentication/authorization".
"""

from collections.abc import Collection, Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.guard_rails.administrators import NOT_AN_ADMINISTRATOR
from components.monitoring.workloads import ALERT_ROUTER, DASHBOARDS, METRICS_STORE
from components.monitoring.workloads import NAMESPACE as MONITORING
from components.scheduler.workloads import NAMESPACE as YUNIKORN
from components.scheduler.workloads import SCHEDULER
from components.shuffle.addresses import MASTER, WORKER
from components.shuffle.addresses import NAMESPACE as CELEBORN
from components.spark.history_manifests import NAME as HISTORY_SERVER
from components.spark.history_manifests import NAMESPACE as HISTORY
from components.workloads.labels import selector_labels
from components.workloads.pod_policy import bound_policy, outside, policy_spec

Registration = kubernetes.admissionregistration.v1

NAME = "moka-platform-access"

OPERATIONS: Mapping[str, Sequence[str]] = {
    "pods/exec": ["CONNECT"],
    "pods/attach": ["CONNECT"],
    "pods/portforward": ["CONNECT"],
    "pods/proxy": ["CONNECT"],
    "services/proxy": ["CONNECT"],
    "nodes/proxy": ["CONNECT"],
    "pods/ephemeralcontainers": ["UPDATE"],
}

# Namespace to what the names of pods begin with whose ports people may forward: outputs of the stack, runbooks and the
# smoke test do.
PAGES: Mapping[str, Sequence[str]] = {
    MONITORING: [f"{each.name}-" for each in (DASHBOARDS, METRICS_STORE, ALERT_ROUTER)],
    YUNIKORN: [f"{SCHEDULER}-"],
    HISTORY: [f"{HISTORY_SERVER}-"],
    CELEBORN: [f"{each}-" for each in (MASTER, WORKER)],
}

VARIABLES: Mapping[str, str] = {
    "space": "request.?namespace.orValue('')",
    "pages": "{" + ", ".join(f"'{space}': {list(names)}" for space, names in sorted(PAGES.items())) + "}",
    "way": "request.resource.resource + '/' + request.subResource",
}
_IS_PAGE = (
    "variables.way == 'pods/portforward'"
    " && variables.pages[?variables.space].orValue([]).exists(each, request.name.startsWith(each))"
)
_KEPT = (
    "is kept for roles of cluster.access.admin; read the logs, forward a port of a pod that has pages, or take such a "
    "role (docs/guard-rails.md)"
)


def platform_access_policy(
    name: str, teams: Collection[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to every namespace that is no team's, and to nodes.

    Args:
        name: logical name of both objects.
        teams: namespaces of teams, where rights alone decide.
        opts: options of the component that owns it.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(
        name=NAME, labels=selector_labels("platform-access", "admission-policy")
    )
    validation = Registration.ValidationArgs(
        expression=_IS_PAGE,
        message_expression="variables.way + ' of ' + request.name"
        f" + (variables.space == '' ? '' : ' in ' + variables.space) + ' {_KEPT}'",
        message=f"this way into the platform {_KEPT}",
        reason="Forbidden",
    )
    spec = policy_spec([validation], VARIABLES, OPERATIONS, NOT_AN_ADMINISTRATOR)
    return bound_policy(name, metadata, spec, outside(teams), opts=opts)
