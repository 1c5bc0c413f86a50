"""What an object names is in the stack, or in every cluster.

Sources: Kubernetes documentation on each field. Leaves out what may be missing: references marked `optional`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, items, known_text, mapping
from offline.checks.kubernetes.stack import Stack

_SOURCE = "Kubernetes API reference 1.35"

# A path in the object, the kind that is named there, and the name.
Named = tuple[str, str, Any]


def named_objects_exist(judge: str, stack: Stack) -> Iterable[Finding]:
    """Every name leads to an object."""
    for found in stack.objects:
        for path, kind, name in _names(found):
            text = known_text(name)
            namespace = "" if kind in _OUTSIDE else found.namespace
            if text and not stack.has(kind, namespace, text):
                where = f" in namespace {namespace}" if namespace else ""
                rule = f"names a {kind}{where} that neither the stack nor a fresh cluster has"
                yield found.finding(judge, path, rule, _SOURCE, f"Create the {kind}, or correct the name")
    yield from _identities(judge, stack)


_OUTSIDE = frozenset({"IngressClass", "Namespace", "PriorityClass", "RuntimeClass", "StorageClass"})


def _names(found: KubernetesObject) -> Iterator[Named]:
    if found.namespace:
        yield "metadata.namespace", "Namespace", found.namespace
    if found.pods is not None:
        yield from _pod_names(found.pods)
    spec = found.spec
    if found.kind == "StatefulSet":
        yield "spec.serviceName", "Service", spec.get("serviceName")
        for index, claim in enumerate(items(spec.get("volumeClaimTemplates"))):
            path = f"spec.volumeClaimTemplates[{index}].spec.storageClassName"
            yield path, "StorageClass", mapping(claim.get("spec")).get("storageClassName")
    if found.kind == "PersistentVolumeClaim":
        yield "spec.storageClassName", "StorageClass", spec.get("storageClassName")
    if found.kind == "Ingress":
        yield "spec.ingressClassName", "IngressClass", spec.get("ingressClassName")
    if found.kind == "HorizontalPodAutoscaler":
        target = mapping(spec.get("scaleTargetRef"))
        yield "spec.scaleTargetRef.name", str(target.get("kind")), target.get("name")


def _pod_names(pods: PodTemplate) -> Iterator[Named]:
    path, spec = pods.path, pods.spec
    yield f"{path}.serviceAccountName", "ServiceAccount", spec.get("serviceAccountName")
    yield f"{path}.priorityClassName", "PriorityClass", spec.get("priorityClassName")
    yield f"{path}.runtimeClassName", "RuntimeClass", spec.get("runtimeClassName")
    for index, secret in enumerate(items(spec.get("imagePullSecrets"))):
        yield f"{path}.imagePullSecrets[{index}].name", "Secret", secret.get("name")
    for index, volume in enumerate(items(spec.get("volumes"))):
        yield from _volume_names(f"{path}.volumes[{index}]", volume)
    for place, container in pods.containers():
        yield from _variable_names(place, container)


def _volume_names(path: str, volume: dict[str, Any]) -> Iterator[Named]:
    claim = mapping(volume.get("persistentVolumeClaim"))
    yield f"{path}.persistentVolumeClaim.claimName", "PersistentVolumeClaim", claim.get("claimName")
    yield from _required(f"{path}.configMap", "ConfigMap", volume.get("configMap"))
    yield from _required(f"{path}.secret", "Secret", volume.get("secret"), "secretName")
    for index, source in enumerate(items(mapping(volume.get("projected")).get("sources"))):
        place = f"{path}.projected.sources[{index}]"
        yield from _required(f"{place}.configMap", "ConfigMap", source.get("configMap"))
        yield from _required(f"{place}.secret", "Secret", source.get("secret"))


def _variable_names(path: str, container: dict[str, Any]) -> Iterator[Named]:
    for index, source in enumerate(items(container.get("envFrom"))):
        yield from _required(f"{path}.envFrom[{index}].configMapRef", "ConfigMap", source.get("configMapRef"))
        yield from _required(f"{path}.envFrom[{index}].secretRef", "Secret", source.get("secretRef"))
    for index, variable in enumerate(items(container.get("env"))):
        place, source = f"{path}.env[{index}].valueFrom", mapping(variable.get("valueFrom"))
        yield from _required(f"{place}.configMapKeyRef", "ConfigMap", source.get("configMapKeyRef"))
        yield from _required(f"{place}.secretKeyRef", "Secret", source.get("secretKeyRef"))


def _required(path: str, kind: str, source: Any, key: str = "name") -> Iterator[Named]:
    content = mapping(source)
    if content.get("optional") is not True:
        yield f"{path}.{key}", kind, content.get(key)


def _identities(judge: str, stack: Stack) -> Iterable[Finding]:
    """A Pod Identity association in a namespace of the stack names a service account of it."""
    for resource in stack.resources:
        if resource.type != "aws:eks/podIdentityAssociation:PodIdentityAssociation":
            continue
        namespace, name = (known_text(resource.inputs.get(key)) for key in ("namespace", "serviceAccount"))
        if name and stack.find("Namespace", "", namespace) and not stack.has("ServiceAccount", namespace, name):
            rule = f"names a service account that namespace {namespace} does not have"
            source = 'Amazon EKS user guide, "Assign an IAM role to a Kubernetes service account"'
            fix = "Create the ServiceAccount, or correct the name"
            yield Finding.of(judge, resource, "serviceAccount", name, rule=rule, source=source, fix=fix)
