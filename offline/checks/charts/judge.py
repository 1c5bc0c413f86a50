"""Helm releases: their charts exist and take what they are given, and what they bring is judged as all objects are.

Helm itself renders the charts (`tools/kubernetes`). A chart that is not on this machine is looked for among those of
the offline cloud, by its name and version. Beyond Helm's own rules, a value that the chart does not know is refused:
its templates would never read it.

Leaves out charts whose place, name, namespace or values are not known yet, and what Helm does to an object that stands
there already.

Source: pulumi-kubernetes, provider/pkg/provider/helm_release.go; Helm documentation, "Charts", and "helm install".
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.api_server import ApiServer, Chart, Problem, Rendering
from offline.checks.kubernetes.objects import known_text, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.kubernetes.kinds import CLUSTER_SCOPED
from offline.providers.kubernetes.releases import RELEASE
from offline.providers.resource import Resource
from offline.providers.values import Properties, has_unknown, is_secret, plain

_SOURCE = "Helm"
_HOOK = "helm.sh/hook"
_TEST = "test"
_NAMESPACE = "kubernetes:core/v1:Namespace"


class ReleasesJudge:
    """Says what Helm refuses in a release, and shows the others what the release brings.

    Args:
        server: who renders charts.
        charts: directory of the offline cloud's own charts.
    """

    name = "releases"

    def __init__(self, server: ApiServer, charts: Callable[[], Path]) -> None:
        self._server, self._charts = server, charts
        self._rendered: dict[str, tuple[Rendering | None, list[Problem]]] = {}

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Charts that there are not, and values that they can't take."""
        if resource.type != RELEASE or has_unknown(resource.inputs):
            return
        path, wanted = self._path(resource.inputs), known_text(resource.plain_inputs.get("version"))
        if path is None:
            rule = f"is no chart on this machine, and the offline cloud has none of its name in {self._charts()}"
            fix = "Correct the name, or add its module to offline/charts.py and tools/charts"
            yield _finding(resource, "chart", rule, fix)
            return
        rendering, problems = self._rendering(resource.inputs, path)
        if rendering is not None and wanted and rendering.version != wanted:
            rule = f"is not the version of the chart in {path}, which is {rendering.version}"
            yield _finding(resource, "version", rule, "Pin the same version in both places")
        for problem in problems:
            fix = "Correct its spelling or its place" if problem.reason == "unknown value" else "Correct it"
            yield _finding(resource, problem.field, problem.detail, fix)

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Namespaces that are not there when Helm writes its own record into them."""
        stack = Stack(resources)
        for resource in resources:
            namespace = known_text(resource.plain_inputs.get("namespace")) if resource.type == RELEASE else ""
            if not namespace:
                continue
            found = stack.find("Namespace", "", namespace)
            if found is None and not stack.has("Namespace", "", namespace):
                rule = "names a Namespace that neither the stack nor a fresh cluster has"
                yield _finding(resource, "namespace", rule, "Create the Namespace, or correct the name")
            elif found is not None and found.resource.urn not in resource.waits_for:
                rule = "names a Namespace that the release does not wait for"
                yield _finding(resource, "namespace", rule, "Give the release the namespace's name as an output of it")

    def brought_by(self, resource: Resource) -> Sequence[Resource]:
        """The objects of a release's chart, and of hooks that run when it is installed or upgraded."""
        new = self._known_rendering(resource, resource.inputs)
        if new is None:
            return ()
        old = self._known_rendering(resource, resource.old_inputs)
        before = {_key(each): each for each in old.objects} if old else {}
        namespace = str(resource.plain_inputs["namespace"])
        hooks = [each for each in new.hooks if _TEST not in _hooks_of(each)]
        return (
            *(_brought(resource, each, namespace) for each in (*new.definitions, *hooks)),
            *(_brought(resource, each, namespace, before.get(_key(each))) for each in new.objects),
        )

    def _known_rendering(self, resource: Resource, inputs: Properties) -> Rendering | None:
        if resource.type != RELEASE or not inputs or has_unknown(inputs):
            return None
        path = self._path(inputs)
        return None if path is None else self._rendering(inputs, path)[0]

    def _path(self, inputs: Properties) -> Path | None:
        """Where a release's chart is: as the release says, or in the offline cloud's mirror."""
        place = str(plain(inputs.get("chart")))
        name = place.partition("@")[0].rstrip("/").rpartition("/")[2]
        return next(
            (each for each in (Path(place), self._charts() / name) if each.is_absolute() and each.exists()), None
        )

    def _rendering(self, inputs: Properties, path: Path) -> tuple[Rendering | None, list[Problem]]:
        """What Helm says, once for the same chart and values."""
        given = plain(inputs)
        values = mapping(given.get("values"))
        if given.get("allowNullValues") is not True:
            values = mapping(_without_nulls(values))
        chart = Chart(path, str(given.get("name")), str(given.get("namespace")), values)
        key = json.dumps([str(path), chart.release, chart.namespace, values], sort_keys=True)
        if key not in self._rendered:
            # Charts of the offline cloud stand in a directory that is named by their content.
            is_kept = path.is_relative_to(self._charts()) and not is_secret(inputs)
            self._rendered[key] = self._server.rendering(chart, is_kept=is_kept)
        return self._rendered[key]


def _finding(resource: Resource, place: str, rule: str, fix: str) -> Finding:
    value: Any = resource.plain_inputs
    for step in place.replace("[", ".").replace("]", "").split("."):
        value = mapping(value).get(step)
    return Finding.of(ReleasesJudge.name, resource, place, value, rule=f"is refused: {rule}", source=_SOURCE, fix=fix)


def _brought(release: Resource, content: Properties, namespace: str, old: Properties | None = None) -> Resource:
    """An object as a resource of its own, which waits for its release and for all that the release waits for."""
    inputs = _placed(content, namespace)
    group, _, version = str(content.get("apiVersion")).rpartition("/")
    kind, name = str(content.get("kind")), mapping(inputs.get("metadata")).get("name")
    parents, _, _ = release.urn.rpartition("::")
    return Resource(
        urn=f"{parents}$kubernetes:{group or 'core'}/{version}:{kind}::{release.name}/{kind}/{name}",
        inputs=inputs,
        old_inputs=_placed(old, namespace) if old else {},
        settings=release.settings,
        preview=release.preview,
        waits_for=release.waits_for | {release.urn},
        part_of=release.urn,
    )


def _placed(content: Properties, namespace: str) -> Properties:
    """The object in the release's namespace where it names none; an object outside namespaces loses what it names."""
    metadata = {key: value for key, value in mapping(content.get("metadata")).items() if key != "namespace"}
    if content.get("kind") not in CLUSTER_SCOPED:
        metadata["namespace"] = mapping(content.get("metadata")).get("namespace") or namespace
    return {**content, "metadata": metadata}


def _key(content: Properties) -> tuple[Any, ...]:
    metadata = mapping(content.get("metadata"))
    return content.get("apiVersion"), content.get("kind"), metadata.get("namespace"), metadata.get("name")


def _hooks_of(content: Properties) -> list[str]:
    named = mapping(mapping(content.get("metadata")).get("annotations")).get(_HOOK, "")
    return [each.strip() for each in str(named).split(",")]


def _without_nulls(value: Any) -> Any:
    """As Pulumi's provider hands values to Helm, unless it is told otherwise."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value if item is not None] if isinstance(value, list) else value
