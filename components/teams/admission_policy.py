"""What the API server itself refuses in team namespaces: pods that hide what they take, and accounts of nobody's.

The queue and the nodes reckon with what pods ask for, so every container asks, and none takes more memory than it says:
one without a limit would take that of other teams' executors. A limit of CPU or disk is not wanted. CPU that is left
over may be used, and a limit of disk would end executors whose shuffle is larger than somebody thought.

A pod runs as one of the accounts that the team's entry lists. The namespace's default account is nobody's, and one that
somebody made by hand may have been given rights that no team has. YuniKorn's places of gangs name no account; they run
nothing, and get no token.

Leaves out the team's queue and images, which have policies of their own, and the bounds of a whole namespace. There is
none on roles: nobody in a team may write any (`rights.py`).

Source: Kubernetes documentation, "Resource Management for Pods and Containers"; apache/yunikorn-k8shim 1.8,
pkg/cache/placeholder.go; apache/spark 4.1, BasicDriverFeatureStep and BasicExecutorFeatureStep, which ask for CPU and
memory and limit memory to what they ask.
"""

from collections.abc import Collection, Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.scheduler.workloads import NAMESPACE, SCHEDULER
from components.workloads.labels import selector_labels
from components.workloads.pod_policy import bound_policy, inside, policy_spec

Registration = kubernetes.admissionregistration.v1

NAME = "moka-team-pods"
MAKES_PLACEHOLDERS = f"system:serviceaccount:{NAMESPACE}:{SCHEDULER}"

# Variable to the part of a container's resources, the resource, and why it is wanted.
WANTED: Mapping[str, tuple[str, str, str]] = {
    "unlimited": ("limits", "memory", "without a limit it takes the memory of others on its node"),
    "without_cpu": ("requests", "cpu", "the queue and the nodes reckon with it"),
    "without_memory": ("requests", "memory", "the queue and the nodes reckon with it"),
    "without_disk": ("requests", "ephemeral-storage", "a node short of disk evicts first whoever asks for none"),
}


def variables(accounts: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Containers that lack something, by name, and the service accounts of the pod's team.

    Args:
        accounts: team namespace to the names of the team's service accounts.
    """
    listed = ", ".join(f"'{space}': {sorted(names)}" for space, names in sorted(accounts.items()))
    return {
        "containers": "object.spec.containers + object.spec.?initContainers.orValue([])",
        **{name: _lacking(part, resource) for name, (part, resource, _) in WANTED.items()},
        "accounts": f"{{{listed}}}[request.namespace]",
        "account": "object.spec.?serviceAccountName.orValue('')",
    }


def validations() -> list[kubernetes.admissionregistration.v1.ValidationArgs]:
    """What must hold, each with what whoever made the pod is told."""
    account = " is no service account of the team; set spec.serviceAccountName to one of "
    is_placeholder = f"request.userInfo.username == '{MAKES_PLACEHOLDERS}'"
    return [
        *(
            Registration.ValidationArgs(
                expression=f"variables.{name}.size() == 0",
                message_expression=f"'container ' + variables.{name}[0] + '{_said(name)}'",
                message=f"a container{_said(name)}",
                reason="Forbidden",
            )
            for name in WANTED
        ),
        Registration.ValidationArgs(
            expression=f"variables.account in variables.accounts || {is_placeholder}",
            message_expression=f"'account ' + variables.account + '{account}'"
            " + variables.accounts.join(', ') + ' (docs/teams.md)'",
            message=f"the account of the pod{account}those under service_accounts (docs/teams.md)",
            reason="Forbidden",
        ),
    ]


def team_pods_policy(
    name: str, accounts: Mapping[str, Collection[str]], *, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to team namespaces; every new pod is looked at.

    Args:
        name: logical name of both objects.
        accounts: team namespace to the names of the team's service accounts; one team at least.
        opts: options of the component that owns it.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(name=NAME, labels=selector_labels("team-pods", "admission-policy"))
    spec = policy_spec(validations(), variables(accounts), {"pods": ["CREATE"]})
    return bound_policy(name, metadata, spec, inside(accounts), opts=opts)


def _lacking(part: str, resource: str) -> str:
    asked = f"each.?resources.?{part}['{resource}']"
    above_zero = f"{asked}.optMap(said, quantity(string(said)).isGreaterThan(quantity('0'))).orValue(false)"
    return f"variables.containers.filter(each, !{above_zero}).map(each, each.name)"


def _said(name: str) -> str:
    part, resource, why = WANTED[name]
    return f" has no resources.{part}.{resource} above 0; set it, because {why} (docs/teams.md)"
