"""What the scheduler and its admission controller may do in the cluster, as rules.

Less than their project's chart gives them, which binds the roles of Kubernetes' own scheduler: they read the whole
cluster, for all of it decides where a pod fits, and write in team namespaces alone.

Source: apache/yunikorn-k8shim 1.8, pkg/client (informers and calls), pkg/admission/webhook_manager.go; and
k8s.io/kubernetes, pkg/scheduler/framework/plugins/volumebinding, which binds volumes for it.
"""

import pulumi_kubernetes as kubernetes

Rbac = kubernetes.rbac.v1
WATCH = ["list", "watch"]
STORAGE = ["csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"]


def scheduler_cluster_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Watch what decides where a pod fits, say what became of it, and give a claim the volume that was picked."""
    core = ["namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "replicationcontrollers"]
    return [
        Rbac.PolicyRuleArgs(api_groups=[""], resources=[*core, "services"], verbs=WATCH),
        Rbac.PolicyRuleArgs(api_groups=["apps"], resources=["replicasets", "statefulsets"], verbs=WATCH),
        Rbac.PolicyRuleArgs(api_groups=["scheduling.k8s.io"], resources=["priorityclasses"], verbs=WATCH),
        Rbac.PolicyRuleArgs(api_groups=["storage.k8s.io"], resources=STORAGE, verbs=WATCH),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["persistentvolumes"], verbs=["update"]),
        # Events of nodes, which live in no namespace, stand in `default`.
        Rbac.PolicyRuleArgs(api_groups=["events.k8s.io"], resources=["events"], verbs=["create", "patch", "update"]),
    ]


def scheduler_team_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Place pods, make and take away those that hold a gang's places, and end those that give way to others."""
    return [
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["pods"], verbs=["create", "delete", "get"]),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["pods/binding"], verbs=["create"]),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["pods/status"], verbs=["update"]),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["persistentvolumeclaims"], verbs=["update"]),
    ]


def configuration_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Watch the two ConfigMaps; a watch of a whole namespace can't be narrowed to names."""
    return [Rbac.PolicyRuleArgs(api_groups=[""], resources=["configmaps"], verbs=["get", *WATCH])]


def admission_cluster_rules(mutating: str, validating: str) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Watch namespaces and priority classes, and fill in two webhook configurations, by name.

    Whoever may make webhook configurations may read and change every object of the cluster, so it may not: the program
    makes both, empty.

    Args:
        mutating: name of the one.
        validating: name of the other.
    """
    group, verbs = "admissionregistration.k8s.io", ["get", "update"]
    return [
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["namespaces"], verbs=WATCH),
        Rbac.PolicyRuleArgs(api_groups=["scheduling.k8s.io"], resources=["priorityclasses"], verbs=WATCH),
        Rbac.PolicyRuleArgs(
            api_groups=[group], resources=["mutatingwebhookconfigurations"], resource_names=[mutating], verbs=verbs
        ),
        Rbac.PolicyRuleArgs(
            api_groups=[group], resources=["validatingwebhookconfigurations"], resource_names=[validating], verbs=verbs
        ),
    ]


def admission_rules(secret: str) -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Watch the two ConfigMaps, and keep certificate authorities in one Secret.

    Args:
        secret: its name.
    """
    return [
        *configuration_rules(),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["secrets"], resource_names=[secret], verbs=["get", "update"]),
    ]
