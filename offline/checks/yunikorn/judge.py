"""YuniKorn's own verdict on its queue file, and on what the file leaves without a queue.

A file that YuniKorn refuses changes nothing: it goes on with the queues it had, which shows in its log alone. A
namespace without a queue has its applications rejected, and their pods never run.

Source: apache/yunikorn-core, pkg/common/configs and pkg/scheduler/placement, as `tools/yunikorn` runs them;
apache/yunikorn-k8shim, pkg/admission/conf/am_conf.go, for the namespaces that it takes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, known_text, mapping, objects_among
from offline.checks.yunikorn.program import verdict
from offline.providers.resource import Resource

FILE = "queues.yaml"
PROCESSED = "admissionController.filtering.processNamespaces"
BYPASSED = "admissionController.filtering.bypassNamespaces"
# What YuniKorn takes where no ConfigMap says it: every namespace but this one.
_EVERY, _BYPASSED = "", "^kube-system$"
# Later ones win.
_CONFIG_MAPS = ("yunikorn-defaults", "yunikorn-configs")
_SOURCE = "YuniKorn 1.8"


class QueueFileJudge:
    """Says what YuniKorn would refuse, ignore or reject."""

    name = "yunikorn"

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """A file that is refused, or whose properties are passed over."""
        return [finding for found in objects_among([resource]) for finding in self._file(found)]

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Namespaces whose pods YuniKorn takes, and has no queue for."""
        objects = objects_among(resources)
        maps = {each.name: each for each in objects if _is_config_map(each)}
        holder = next((maps[name] for name in reversed(_CONFIG_MAPS) if name in maps and _file_in(maps[name])), None)
        if holder is None or verdict(_file_in(holder)).refused:
            return
        settings = {key: value for name in _CONFIG_MAPS if name in maps for key, value in _data(maps[name]).items()}
        namespaces = {each.name: each for each in objects if each.kind == "Namespace" and known_text(each.name)}
        taken = tuple(sorted(name for name in namespaces if _takes(settings, name)))
        placed = verdict(_file_in(holder), taken).placed
        for name in taken:
            if not placed[name]:
                rule = f"has no queue, and YuniKorn takes its pods: it is in {PROCESSED}"
                fix = "Give it a queue that is called after it, or leave it to Kubernetes' own scheduler"
                yield namespaces[name].finding(self.name, "metadata.name", rule, _SOURCE, fix)

    def _file(self, found: KubernetesObject) -> Iterator[Finding]:
        file = _file_in(found) if _is_config_map(found) else ""
        if not file:
            return
        said, path = verdict(file), f"data[{FILE}]"
        if said.refused:
            fix = "Correct the queues, or what they are made from; YuniKorn would go on with those it had"
            yield found.finding(self.name, path, f"is refused: {said.refused}", _SOURCE, fix)
        for each in said.ignored:
            fix = "Correct the property's name or value"
            yield found.finding(self.name, path, f"holds what is ignored: {each}", _SOURCE, fix)


def _is_config_map(found: KubernetesObject) -> bool:
    return found.kind == "ConfigMap" and found.name in _CONFIG_MAPS


def _data(found: KubernetesObject) -> dict[str, str]:
    return {key: known_text(value) for key, value in mapping(found.content.get("data")).items()}


def _file_in(found: KubernetesObject) -> str:
    return _data(found).get(FILE, "")


def _takes(settings: dict[str, str], namespace: str) -> bool:
    processed, bypassed = settings.get(PROCESSED, _EVERY), settings.get(BYPASSED, _BYPASSED)
    return (not processed or _matches(processed, namespace)) and not _matches(bypassed, namespace)


def _matches(patterns: str, namespace: str) -> bool:
    return any(re.search(each.strip(), namespace) for each in patterns.split(",") if each.strip())
