"""Which kinds live outside namespaces, and which of their fields can't be changed.

Source of the immutable fields: the validation of updates in k8s.io/kubernetes, pkg/apis/*/validation, as
pulumi-kubernetes applies it in its own diff (provider/pkg/provider/diff.go). Leaves out custom resources: they are
taken as namespaced and mutable unless they are listed.
"""

CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterIssuer",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "EC2NodeClass",
        "FlowSchema",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "NodePool",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeSnapshotClass",
    }
)

ALWAYS_IMMUTABLE = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))

IMMUTABLE: dict[str, tuple[tuple[str, ...], ...]] = {
    "ClusterRoleBinding": (("roleRef",),),
    "CSIDriver": (("spec", "attachRequired"), ("spec", "volumeLifecycleModes")),
    "DaemonSet": (("spec", "selector"),),
    "Deployment": (("spec", "selector"),),
    "Job": (("spec", "completions"), ("spec", "selector"), ("spec", "template")),
    "PersistentVolumeClaim": (
        ("spec", "accessModes"),
        ("spec", "selector"),
        ("spec", "storageClassName"),
        ("spec", "volumeMode"),
        ("spec", "volumeName"),
    ),
    "Pod": (("spec",),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "ReplicaSet": (("spec", "selector"),),
    "RoleBinding": (("roleRef",),),
    "Secret": (("type",),),
    "Service": (("spec", "clusterIP"),),
    "StatefulSet": (
        ("spec", "podManagementPolicy"),
        ("spec", "selector"),
        ("spec", "serviceName"),
        ("spec", "volumeClaimTemplates"),
    ),
    "StorageClass": (("parameters",), ("provisioner",), ("reclaimPolicy",), ("volumeBindingMode",)),
}

# pulumi-kubernetes replaces these rather than change them, so that the workloads that read them roll, unless the
# provider's setting says otherwise.
# https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#enableconfigmapmutable_python
REPLACED_UNLESS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "ConfigMap": ("enableConfigMapMutable", (("data",), ("binaryData",))),
    "Secret": ("enableSecretMutable", (("data",), ("stringData",))),
}
