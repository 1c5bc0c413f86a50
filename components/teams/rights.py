"""What a team's drivers and people may do in the Kubernetes API, in the team's namespace and nowhere else."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF

Rbac = kubernetes.rbac.v1
GROUP = "rbac.authorization.k8s.io"
READ = ("get", "list", "watch")
# People and their tools name the role of drivers.
DRIVER_ROLE = "spark-driver"
PEOPLE_ROLE = "spark-team"
OPERATOR_GROUP = "sparkoperator.k8s.io"


def driver_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """What a Spark driver does: make, watch and remove its executors and what they need.

    Source: Apache Spark, "Running Spark on Kubernetes", RBAC.
    """
    made = ("pods", "services", "configmaps", "persistentvolumeclaims")
    verbs = ("create", *READ, "patch", "delete", "deletecollection")
    return [_rule("", made, verbs), _rule("", ["pods/log"], ["get"])]


def people_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """What a team's people do: submit applications by either way, watch them, look at their pages, and delete them.

    `spark-submit` makes the driver's pod, service and config map with the person's own rights. Left out are secrets,
    service accounts and roles, so nobody takes other rights than are given here, and commands inside running pods: what
    somebody wants to run, they submit.

    Source: Apache Spark, "Running Spark on Kubernetes", "How it works"; Kubernetes documentation, "Role Based Access
    Control Good Practices".
    """
    return [
        _rule(
            OPERATOR_GROUP,
            ["sparkapplications", "scheduledsparkapplications"],
            ("create", *READ, "update", "patch", "delete"),
        ),
        _rule(OPERATOR_GROUP, ["sparkapplications/status", "scheduledsparkapplications/status"], ["get"]),
        _rule("", ["pods", "services", "configmaps"], ("create", *READ, "patch", "delete")),
        _rule("", ["pods/log"], ["get"]),
        _rule("", ["pods/portforward"], ["create"]),
        _rule("", ["events", "persistentvolumeclaims", "serviceaccounts", "resourcequotas", "limitranges"], READ),
    ]


def grant(
    name: str,
    role_name: str,
    namespace: pulumi.Input[str],
    rules: Sequence[kubernetes.rbac.v1.PolicyRuleArgs],
    subjects: Sequence[kubernetes.rbac.v1.SubjectArgs],
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.rbac.v1.RoleBinding:
    """A role of the namespace, bound to subjects.

    Args:
        name: logical name of both objects.
        role_name: physical name of both.
        namespace: where they hold.
        rules: what may be done.
        subjects: who may.
        opts: options of the component that owns them.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(
        name=role_name, namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
    )
    role = Rbac.Role(name, metadata=metadata, rules=list(rules), opts=opts)
    return Rbac.RoleBinding(
        name,
        metadata=metadata,
        role_ref=Rbac.RoleRefArgs(api_group=GROUP, kind="Role", name=role_name),
        subjects=list(subjects),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[role])),
    )


def service_account_subject(name: str, namespace: str) -> kubernetes.rbac.v1.SubjectArgs:
    """A service account that gets a role."""
    return Rbac.SubjectArgs(kind="ServiceAccount", name=name, namespace=namespace)


def group_subject(name: str) -> kubernetes.rbac.v1.SubjectArgs:
    """A group of people that gets a role."""
    return Rbac.SubjectArgs(kind="Group", name=name, api_group=GROUP)


def _rule(group: str, resources: Sequence[str], verbs: Sequence[str]) -> kubernetes.rbac.v1.PolicyRuleArgs:
    return Rbac.PolicyRuleArgs(api_groups=[group], resources=list(resources), verbs=list(verbs))
