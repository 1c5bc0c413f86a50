"""What the API server itself refuses in team namespaces: pods that would get past the team's queue.

YuniKorn's webhook hands pods of team namespaces to YuniKorn, and lets the API server go on while it is away. Then, and
where somebody works around it, this policy refuses the pod: it never reaches Kubernetes' own scheduler, which knows no
queues. It asks nobody, so it can't be away, and it is bound to team namespaces, so it holds up no other pod.

Leaves out that a pod may carry the application id of another team's running application and so count to its queue:
Spark's ids are random, and only who may read the other namespace knows them.

Source: Kubernetes documentation, "Validating Admission Policy"; apache/yunikorn-k8shim 1.8, pkg/common/utils/utils.go.
"""

from collections.abc import Collection

import pulumi
import pulumi_kubernetes as kubernetes

from components.scheduler.workloads import SCHEDULER_NAME
from components.teams.names import namespace_of
from components.workloads.workload import Workload, object_name

Registration = kubernetes.admissionregistration.v1

# Selectors that are left out would be filled in by the API server, and belong to whoever applied the object.
EVERYTHING = kubernetes.meta.v1.LabelSelectorArgs()
NAMESPACE_LABEL = "kubernetes.io/metadata.name"

# Where YuniKorn looks for a pod's application. An id that it makes up for pods without one holds their namespace.
IDS = """[
  object.metadata.?labels['yunikorn.apache.org/app-id'].orValue(''),
  object.metadata.?labels['applicationId'].orValue(''),
  object.metadata.?labels['spark-app-selector'].orValue(''),
  object.metadata.?annotations['yunikorn.apache.org/app-id'].orValue('')
]"""

# Expression -> what whoever made the pod is told.
VALIDATIONS = {
    f"object.spec.schedulerName == '{SCHEDULER_NAME}'": (
        f"pods of team namespaces are scheduled by YuniKorn: set schedulerName: {SCHEDULER_NAME}, or try again, "
        "because its admission controller, which does so, did not answer (docs/queues.md)"
    ),
    "!has(object.spec.nodeName) || object.spec.nodeName == ''": (
        "pods of team namespaces may not name their node, which would take them past the team's queue (docs/queues.md)"
    ),
    "variables.ids.all(id, !id.matches('^yunikorn-.*-autogen$') || "
    "id == 'yunikorn-' + request.namespace + '-autogen')": (
        "the application id is that of another namespace's pods without one (docs/queues.md)"
    ),
}


def policy_spec() -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicySpecArgs:
    """Every new pod is looked at; one that can't be judged is refused."""
    pods = Registration.NamedRuleWithOperationsArgs(
        api_groups=[""], api_versions=["v1"], operations=["CREATE"], resources=["pods"], scope="Namespaced"
    )
    return Registration.ValidatingAdmissionPolicySpecArgs(
        failure_policy="Fail",
        match_constraints=Registration.MatchResourcesArgs(
            match_policy="Equivalent",
            namespace_selector=EVERYTHING,
            object_selector=EVERYTHING,
            resource_rules=[pods],
        ),
        variables=[Registration.VariableArgs(name="ids", expression=IDS)],
        validations=[
            Registration.ValidationArgs(expression=expression, message=message, reason="Forbidden")
            for expression, message in VALIDATIONS.items()
        ],
    )


def team_namespaces(teams: Collection[str]) -> kubernetes.meta.v1.LabelSelectorArgs:
    """The teams' namespaces, by the label that Kubernetes gives every namespace."""
    return kubernetes.meta.v1.LabelSelectorArgs(
        match_expressions=[
            kubernetes.meta.v1.LabelSelectorRequirementArgs(
                key=NAMESPACE_LABEL, operator="In", values=[namespace_of(each) for each in sorted(teams)]
            )
        ]
    )


def admission_policy(
    name: str, workload: Workload, teams: Collection[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to the teams' namespaces.

    Args:
        name: logical name of both objects.
        workload: the admission controller, whose work it guards.
        teams: names of teams; one at least.
        opts: options of the component that owns it.
    """
    policy = Registration.ValidatingAdmissionPolicy(
        name, metadata=workload.cluster_metadata(), spec=policy_spec(), opts=opts
    )
    return Registration.ValidatingAdmissionPolicyBinding(
        name,
        metadata=workload.cluster_metadata(),
        spec=Registration.ValidatingAdmissionPolicyBindingSpecArgs(
            policy_name=object_name(policy.metadata),
            validation_actions=["Deny"],
            match_resources=Registration.MatchResourcesArgs(
                match_policy="Equivalent", namespace_selector=team_namespaces(teams), object_selector=EVERYTHING
            ),
        ),
        opts=opts,
    )
