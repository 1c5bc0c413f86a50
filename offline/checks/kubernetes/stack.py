"""All objects of a stack, asked for by kind, namespace and name.

What a cluster has of itself, or EKS puts into it, counts as there; what an unknown name may stand for does too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, objects_among
from offline.providers.resource import Resource
from offline.providers.values import is_unknown

# Sources: Kubernetes documentation, "Namespaces", "Using RBAC Authorization" and "Pod Priority and Preemption"; Amazon
# EKS user guide, "Use application and HTTP load balancing" for the class `alb`.
BUILT_IN_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
_BUILT_IN: dict[str, re.Pattern[str]] = {
    "ClusterRole": re.compile(r"cluster-admin|admin|edit|view|system:.*"),
    "ConfigMap": re.compile(r"kube-root-ca\.crt"),
    "IngressClass": re.compile(r"alb"),
    "Namespace": re.compile("|".join(BUILT_IN_NAMESPACES)),
    "PriorityClass": re.compile(r"system-(node|cluster)-critical"),
    "ServiceAccount": re.compile(r"default"),
    "StorageClass": re.compile(r"gp2"),
}
# Add-ons bring what lives there, and no resource of the program says what that is.
_OF_ADD_ONS = "kube-system"


@dataclass(frozen=True)
class Stack:
    """The resources of one stack.

    Args:
        resources: all of them, in the order they were checked.
    """

    resources: Sequence[Resource]

    @cached_property
    def objects(self) -> list[KubernetesObject]:
        """Those that are Kubernetes objects."""
        return objects_among(self.resources)

    def find(self, kind: str, namespace: str, name: str) -> KubernetesObject | None:
        """The object of a kind and name; an empty namespace for kinds outside them."""
        return self._named.get((kind, namespace, name))

    def has(self, kind: str, namespace: str, name: str) -> bool:
        """Whether the object is in the stack, or in every cluster, or may be one whose name is not known yet."""
        if is_unknown(name) or is_unknown(namespace) or namespace == _OF_ADD_ONS:
            return True
        built_in = _BUILT_IN.get(kind)
        return (
            (kind, namespace, name) in self._named
            or (built_in is not None and built_in.fullmatch(name) is not None)
            or any(each.kind == kind and (is_unknown(each.name) or is_unknown(each.namespace)) for each in self.objects)
        )

    def pods_in(self, namespace: str) -> list[tuple[KubernetesObject, PodTemplate]]:
        """Everything that makes pods in a namespace."""
        return [
            (each, each.pods)
            for each in self.objects
            if each.pods is not None and (each.namespace == namespace or is_unknown(each.namespace))
        ]

    @cached_property
    def _named(self) -> dict[tuple[str, str, str], KubernetesObject]:
        return {(each.kind, each.namespace, each.name): each for each in self.objects}
