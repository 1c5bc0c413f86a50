"""What the API server itself refuses in team namespaces: pods that would get past the team's queue.

YuniKorn's webhook hands pods of team namespaces to YuniKorn, and lets the API server go on while it is away. Then, and
where somebody works around it, this policy refuses the pod: it never reaches Kubernetes' own scheduler, which knows no
queues.

Leaves out that a pod may carry the application id of another team's running application and so count to its queue:
Spark's ids are random, and only who may read the other namespace knows them.

Source: apache/yunikorn-k8shim 1.8, pkg/common/utils/utils.go.
"""

from collections.abc import Collection

import pulumi
import pulumi_kubernetes as kubernetes

from components.scheduler.workloads import SCHEDULER_NAME
from components.teams.names import namespace_of
from components.workloads.pod_policy import bound_policy, inside, policy_spec
from components.workloads.workload import Workload

Registration = kubernetes.admissionregistration.v1

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


def admission_policy(
    name: str, workload: Workload, teams: Collection[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding:
    """The policy, bound to the teams' namespaces; every new pod is looked at.

    Args:
        name: logical name of both objects.
        workload: the admission controller, whose work it guards.
        teams: names of teams; one at least.
        opts: options of the component that owns it.
    """
    validations = [
        Registration.ValidationArgs(expression=expression, message=message, reason="Forbidden")
        for expression, message in VALIDATIONS.items()
    ]
    spec = policy_spec(validations, {"ids": IDS}, {"pods": ["CREATE"]})
    namespaces = inside([namespace_of(each) for each in teams])
    return bound_policy(name, workload.cluster_metadata(), spec, namespaces, opts=opts)
