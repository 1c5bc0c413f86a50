"""The keys that volumes and variables name are in the ConfigMap or Secret that they name.

A missing key keeps the pod from starting. Source: Kubernetes documentation, "ConfigMaps" and "Secrets".
"""

from collections.abc import Iterable, Iterator
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, items, known_text, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import is_unknown

_KINDS = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}

# A path in the object, the kind and name of what holds the key, and the key.
Key = tuple[str, str, Any, Any]


def named_files_exist(judge: str, stack: Stack) -> Iterable[Finding]:
    """Every key that a pod can't do without is there."""
    for found in stack.objects:
        for path, kind, name, key in _keys(found.pods) if found.pods else ():
            holder = stack.find(kind, found.namespace, str(name))
            if holder is not None and known_text(key) and not _may_hold(holder, key):
                rule = f"names a key that {kind} {holder.resource.name} does not have"
                source = f'Kubernetes documentation, "{kind}s"'
                yield found.finding(judge, path, rule, source, "Add the key there, or correct its name")


def _may_hold(holder: KubernetesObject, key: str) -> bool:
    parts = [holder.content.get(part) for part in _KINDS[holder.kind]]
    return any(is_unknown(part) or key in mapping(part) for part in parts)


def _keys(pods: PodTemplate) -> Iterator[Key]:
    for index, volume in enumerate(items(pods.spec.get("volumes"))):
        path = f"{pods.path}.volumes[{index}]"
        yield from _items(f"{path}.configMap", "ConfigMap", "name", volume.get("configMap"))
        yield from _items(f"{path}.secret", "Secret", "secretName", volume.get("secret"))
    for place, container in pods.containers():
        for index, variable in enumerate(items(container.get("env"))):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                source = mapping(mapping(variable.get("valueFrom")).get(field))
                if source.get("optional") is not True:
                    path = f"{place}.env[{index}].valueFrom.{field}.key"
                    yield path, kind, source.get("name"), source.get("key")


def _items(path: str, kind: str, name: str, source: Any) -> Iterator[Key]:
    content = mapping(source)
    if content.get("optional") is not True:
        for index, item in enumerate(items(content.get("items"))):
            yield f"{path}.items[{index}].key", kind, content.get(name), item.get("key")
