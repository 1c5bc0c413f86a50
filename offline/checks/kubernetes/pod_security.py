"""Pod Security admission: what the labels of a namespace let its pods do.

A workload whose pods are refused is itself taken by the API server, and then runs no pod: the deployment would wait for
it in vain. Judged by the upstream evaluator; the labels' values are judged too, as admission refuses the namespace.

Source: Kubernetes documentation, "Pod Security Admission" and "Pod Security Standards".
"""

import re
from collections.abc import Iterable, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.api_server import ApiServer, UnsupportedObjectError
from offline.checks.kubernetes.objects import KubernetesObject, items, known_text, objects_among
from offline.providers.resource import Resource

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")

_SOURCE = "Pod Security Standards"
_VERSION = re.compile(r"latest|v1\.\d+")
_NAMED = re.compile(r'\b(container|volume)s? "([^"]+)"')


class PodSecurityJudge:
    """Says which pods admission refuses in their namespace.

    Args:
        server: who is asked.
    """

    name = "pod-security"

    def __init__(self, server: ApiServer) -> None:
        self._server = server

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Labels of a namespace that are no levels or versions."""
        return [finding for found in objects_among([resource]) for finding in self._labels(found)]

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Pods that their namespace does not admit."""
        objects = objects_among(resources)
        enforced = {each.name: each.labels for each in objects if each.kind == "Namespace"}
        return [
            finding
            for found in objects
            if found.pods is not None
            for finding in self._pods(found, enforced.get(found.namespace, {}))
        ]

    def _labels(self, found: KubernetesObject) -> Iterable[Finding]:
        if found.kind != "Namespace":
            return
        for label, value in found.labels.items():
            mode, dash, _ = label.removeprefix(PREFIX).partition("-version")
            if not label.startswith(PREFIX) or not known_text(value):
                continue
            path = f"metadata.labels[{label}]"
            if mode not in ("enforce", "audit", "warn"):
                fix = "Use enforce, audit or warn, each with or without -version"
                yield found.finding(self.name, path, "is no label of Pod Security admission", _SOURCE, fix)
            elif dash and not _VERSION.fullmatch(value):
                yield found.finding(self.name, path, "must be latest or a version as v1.35", _SOURCE, "Correct it")
            elif not dash and value not in LEVELS:
                fix = f"Use {', '.join(LEVELS)}"
                yield found.finding(self.name, path, "is no level of Pod Security", _SOURCE, fix)

    def _pods(self, found: KubernetesObject, labels: dict[str, str]) -> Iterable[Finding]:
        level = known_text(labels.get(f"{PREFIX}enforce"))
        version = known_text(labels.get(f"{PREFIX}enforce-version")) or "latest"
        if level not in LEVELS or not _VERSION.fullmatch(version):
            return
        try:
            problems = self._server.problems(found.content, level=level, version=version)
        except UnsupportedObjectError:
            # The judge of the API server's verdict has said so.
            return
        for problem in problems:
            if problem.check == "pod-security":
                rule = f"is refused at level {level} of namespace {found.namespace}: {problem.detail}"
                fix = "Change the pod, or give the namespace the level that its pods need"
                yield found.finding(self.name, _place(found, problem.detail), rule, _SOURCE, fix)


def _place(found: KubernetesObject, detail: str) -> str:
    """The one container or volume that the evaluator names; the pod's spec where it names none or several."""
    if found.pods is None:
        return ""
    named = _NAMED.findall(detail)
    if len(named) != 1:
        return found.pods.path
    what, name = named[0]
    volumes = [
        (f"{found.pods.path}.volumes[{at}]", each) for at, each in enumerate(items(found.pods.spec.get("volumes")))
    ]
    places = list(found.pods.containers()) if what == "container" else volumes
    return next((path for path, each in places if each.get("name") == name), found.pods.path)
