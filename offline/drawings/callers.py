"""Who in the cluster moves data: controllers with their pods, and the applications of teams.

Replicas that are objects of their own, such as prometheus-0 and prometheus-1, are one caller.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, at, items
from offline.checks.kubernetes.stack import Stack
from offline.drawings.picture import Arrow
from offline.providers.resource import Resource

_ORDINAL = re.compile(r"-\d+$")
_JOB = re.compile(r"job_name: *['\"]?([\w-]+)")


@dataclass(frozen=True)
class Caller:
    """Something in the cluster that writes, reads or calls.

    Args:
        namespace: where it runs.
        title: what it is called.
        service_account: whose rights it has.
        labels: of its pods, by which Services find them.
        texts: what its variables, commands and files say.
        host_paths: directories of the node that it mounts.
    """

    namespace: str
    title: str
    service_account: str
    labels: frozenset[tuple[str, str]]
    texts: tuple[str, ...]
    host_paths: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What arrows know it by."""
        return f"{self.namespace}/{self.title}"

    @property
    def scraped_jobs(self) -> list[str]:
        """Jobs of Prometheus's kind that its files configure."""
        return sorted({job for text in self.texts for job in _JOB.findall(text)})


def callers(resources: Sequence[Resource]) -> list[Caller]:
    """Everything in the cluster that may move data, by name.

    Args:
        resources: of the stack, with what its Helm releases bring.
    """
    stack = Stack(resources)
    found: dict[str, Caller] = {}
    for each in sorted(stack.objects, key=lambda each: (each.namespace, each.name)):
        if each.pods is not None:
            caller = _controller(each, each.pods, stack)
            found.setdefault(caller.name, caller)
        elif each.kind == "ConfigMap" and each.name == "spark-defaults":
            caller = Caller(each.namespace, "Spark applications", "spark", frozenset(), tuple(_strings(each.content)))
            found[caller.name] = caller
    return [found[name] for name in sorted(found)]


def calls(resources: Sequence[Resource], found: Sequence[Caller]) -> Iterator[Arrow]:
    """Who calls whom: a caller whose texts name a Service, and what stands behind the Service.

    Args:
        resources: of the stack.
        found: the callers.
    """
    for service in Stack(resources).objects:
        if service.kind == "Service" and (selector := service.spec.get("selector")):
            named = re.compile(rf"(?<![\w-]){re.escape(service.name)}\.{re.escape(service.namespace)}(?![\w-])")
            behind = [each for each in found if each.namespace == service.namespace and selector.items() <= each.labels]
            for caller in found:
                if any(map(named.search, caller.texts)):
                    yield from (Arrow(caller.name, each.name) for each in behind if each is not caller)


def _controller(each: KubernetesObject, pods: PodTemplate, stack: Stack) -> Caller:
    spec = pods.spec
    texts = [*_strings(spec), *(text for name in _files(spec) for text in _content(stack, each.namespace, name))]
    paths = tuple(str(at(volume, "hostPath.path")) for volume in items(spec.get("volumes")) if "hostPath" in volume)
    account = str(spec.get("serviceAccountName", "default"))
    labels = frozenset((str(key), str(value)) for key, value in pods.labels.items())
    return Caller(each.namespace, _ORDINAL.sub("", each.name), account, labels, tuple(texts), paths)


def _files(spec: Any) -> Iterator[str]:
    """Names of the ConfigMaps that pods mount."""
    for volume in items(spec.get("volumes")):
        for source in (volume, *items(at(volume, "projected.sources"))):
            if "configMap" in source:
                yield str(source["configMap"]["name"])


def _content(stack: Stack, namespace: str, name: str) -> Iterator[str]:
    found = stack.find("ConfigMap", namespace, name)
    return _strings(found.content.get("data")) if found else iter(())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
