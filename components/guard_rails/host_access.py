"""What the API server itself refuses outside of the agents' namespaces: pods that reach into their node.

Whoever mounts a node's directories, shares its network or its processes, or runs privileged, is root on the node: it
reads every other pod's secrets there, and the node's role in AWS. Pod Security says the same in the namespaces of this
program; this holds in every other one too, such as `default`, where `kubectl debug node/...` makes its pods, and one
that somebody makes tomorrow.

Leaves out persistent volumes of a node's directory, which nobody makes but who deploys, and pods that somebody with
rights over DaemonSets makes in the agents' own namespaces.

Source: Kubernetes documentation, "Pod Security Standards", baseline, host namespaces, privileged containers and
HostPath volumes; Amazon EKS user guide, "Community add-ons", for the node exporter's namespace. That of GuardDuty's
agent is what AWS's EKS workshop shows.
"""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.cluster.addons import NAMESPACE as OF_ADDONS
from components.guard_rails.administrators import NOT_AN_ADMINISTRATOR
from components.logs.manifests import NAMESPACE as OF_LOGS
from components.workloads.labels import selector_labels
from components.workloads.pod_policy import bound_policy, outside, policy_spec

Registration = kubernetes.admissionregistration.v1

NAME = "moka-host-access"
# Where agents of nodes live: CNI, kube-proxy, drivers of volumes, pod identity and node monitoring; the log agent; the
# node exporter, whose add-on has a namespace of its own; GuardDuty's agent, which AWS puts there once an account's
# runtime monitoring is on, whoever switched it on.
AGENTS = (OF_ADDONS, OF_LOGS, "prometheus-node-exporter", "amazon-guardduty")

VARIABLES: Mapping[str, str] = {
    "paths": "object.spec.?volumes.orValue([]).filter(each, has(each.hostPath)).map(each, each.hostPath.path)",
    "shared": " + ".join(
        f"(object.spec.?{each}.orValue(false) ? ['{each}'] : [])" for each in ("hostNetwork", "hostPID", "hostIPC")
    ),
    "privileged": "(object.spec.containers + object.spec.?initContainers.orValue([]))"
    ".filter(each, each.?securityContext.?privileged.orValue(false)).map(each, each.name)",
}
# Variable to what whoever made the pod is told of the first of its values: before it, and after it.
SAID: Mapping[str, tuple[str, str]] = {
    "paths": ("hostPath ", " is a directory of the node"),
    "shared": ("spec.", ": true shares the node"),
    "privileged": ("securityContext.privileged: true of container ", " makes it root on the node"),
}
_KEPT = (
    f", which is kept for agents in {', '.join(AGENTS)}; use an emptyDir or a claim and an ordinary container, or let "
    "a role of cluster.access.admin make the pod (docs/guard-rails.md)"
)


def host_access_policy(
    name: str, *, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to every namespace but the agents'.

    Args:
        name: logical name of both objects.
        opts: options of the component that owns it.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(name=NAME, labels=selector_labels("host-access", "admission-policy"))
    validations = [
        Registration.ValidationArgs(
            expression=f"variables.{variable}.size() == 0",
            message_expression=f"'{before}' + variables.{variable}[0] + '{after}{_KEPT}'",
            message=f"{before}something{after}{_KEPT}",
            reason="Forbidden",
        )
        for variable, (before, after) in SAID.items()
    ]
    spec = policy_spec(validations, VARIABLES, {"pods": ["CREATE"]}, NOT_AN_ADMINISTRATOR)
    return bound_policy(name, metadata, spec, outside(AGENTS), opts=opts)
