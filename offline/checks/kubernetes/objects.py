"""Resources of a stack as Kubernetes objects: their kind, name, labels and pods.

Leaves out what is no object, such as a provider; the objects that a Helm release brings are resources of their own
(`offline.checks.charts`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from offline.checks.finding import SECRET, Finding, steps_of
from offline.providers.kubernetes.kinds import CLUSTER_SCOPED
from offline.providers.resource import Resource
from offline.providers.values import Properties, is_unknown

_POD_TEMPLATES = {
    "Pod": "",
    "CronJob": "spec.jobTemplate.spec.template",
    **dict.fromkeys(("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"), "spec.template"),
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PodTemplate:
    """The pods that an object makes.

    Args:
        path: of the pod spec in the object.
        labels: of the pods.
        spec: of the pods.
    """

    path: str
    labels: Properties
    spec: Properties

    def containers(self) -> Iterator[tuple[str, Properties]]:
        """Every container with its path, the ones that start the pod included."""
        for key in ("initContainers", "containers"):
            for index, container in enumerate(items(self.spec.get(key))):
                yield f"{self.path}.{key}[{index}]", container


@dataclass(frozen=True)
class KubernetesObject:
    """One object of a stack.

    Args:
        resource: where it comes from.
        content: its inputs without marks.
    """

    resource: Resource
    content: Properties

    @property
    def kind(self) -> str:
        """The kind, without its group."""
        return str(self.content["kind"])

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        group, slash, _ = str(self.content["apiVersion"]).partition("/")
        return group if slash else ""

    @property
    def name(self) -> str:
        """The object's own name; a mark where it is unknown."""
        return str(mapping(self.content.get("metadata")).get("name", ""))

    @property
    def namespace(self) -> str:
        """The namespace; empty for a kind outside namespaces, a mark where it is unknown."""
        if self.kind in CLUSTER_SCOPED:
            return ""
        return str(mapping(self.content.get("metadata")).get("namespace") or "default")

    @property
    def labels(self) -> Properties:
        """The object's labels."""
        return mapping(mapping(self.content.get("metadata")).get("labels"))

    @property
    def spec(self) -> Properties:
        """The object's spec."""
        return mapping(self.content.get("spec"))

    @cached_property
    def pods(self) -> PodTemplate | None:
        """The pods that it makes."""
        path = _POD_TEMPLATES.get(self.kind)
        if path is None:
            return None
        template = mapping(at(self.content, path))
        labels = mapping(mapping(template.get("metadata")).get("labels"))
        return PodTemplate(f"{path}.spec".lstrip("."), labels, mapping(template.get("spec")))

    def finding(self, judge: str, path: str, rule: str, source: str, fix: str) -> Finding:
        """A mistake in the object, with the value at its place; secrets are not shown."""
        hidden = self.kind == "Secret" and path.startswith(("data", "stringData"))
        shown = SECRET if hidden else at(self.content, path)
        return Finding.of(judge, self.resource, _as_pulumi(path), shown, rule=rule, source=source, fix=fix)


def object_of(resource: Resource) -> KubernetesObject | None:
    """The resource as an object, or None where it is none."""
    if not resource.type.startswith("kubernetes:"):
        return None
    content = resource.plain_inputs
    return KubernetesObject(resource, content) if content.get("apiVersion") and content.get("kind") else None


def objects_among(resources: Iterable[Resource]) -> list[KubernetesObject]:
    """Every object among resources."""
    return [found for found in map(object_of, resources) if found is not None]


def mapping(value: Any) -> Properties:
    """The value where it is a mapping, else an empty one: what is unknown or of a wrong type has no members."""
    return dict(value) if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Properties]:
    """The mappings of a list."""
    return [mapping(item) for item in value] if isinstance(value, list) else []


def known_text(value: Any) -> str:
    """The value where it is known text, else empty."""
    return value if isinstance(value, str) and not is_unknown(value) else ""


def at(content: Any, path: str) -> Any:
    """The value at a path such as `spec.ports[0].name` or `metadata.labels[app]`; None where there is none."""
    for key in steps_of(path):
        if isinstance(content, list):
            content = content[int(key)] if key.isdigit() and int(key) < len(content) else None
        else:
            content = content.get(key) if isinstance(content, Mapping) else None
    return content


def _as_pulumi(path: str) -> str:
    """A path of the API server as Pulumi writes it: keys behind dots where they are plain words."""
    words = [
        f"[{each}]" if each.isdigit() else f".{each}" if _WORD.fullmatch(each) else f'["{each}"]'
        for each in steps_of(path)
    ]
    return "".join(words).removeprefix(".")
