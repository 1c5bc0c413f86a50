"""Which kinds live outside namespaces, and which of their fields can't be changed.

Source of the immutable fields: the validation of updates in k8s.io/kubernetes, pkg/apis/*/validation, as
pulumi-kubernetes applies it in its own diff (provider/pkg/provider/diff.go). Leaves out custom resources: they are
taken as namespaced and mutable unless they are listed.
"""

from collections.abc import Mapping
from typing import Any

from offline.providers.values import Properties

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
        "VolumeAttributesClass",
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
    "VolumeAttributesClass": (("driverName",), ("parameters",)),
}

# pulumi-kubernetes replaces these rather than change them, so that the workloads that read them roll, unless the
# provider's setting says otherwise and the object does not say that it is immutable (provider/pkg/provider/diff.go).
# https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#enableconfigmapmutable_python
REPLACED_UNLESS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "ConfigMap": ("enableConfigMapMutable", (("data",), ("binaryData",))),
    "Secret": ("enableSecretMutable", (("data",), ("stringData",))),
}


def replaced_by(old: Properties, new: Properties, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths of the fields whose change makes another object; none where the object is changed in place.

    Args:
        old: the object as it is, without marks.
        new: the object as it should be, without marks.
        settings: of the provider that owns it.
    """
    kind = str(new.get("kind"))
    paths = ALWAYS_IMMUTABLE + IMMUTABLE.get(kind, ())
    setting, unless = REPLACED_UNLESS.get(kind, ("", ()))
    if str(settings.get(setting, "")).lower() != "true" or new.get("immutable") is True:
        paths += unless
    return tuple(".".join(path) for path in paths if at(old, path) != at(new, path))


def at(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path of an object; None where nothing does."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
