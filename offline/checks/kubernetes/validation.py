"""The API server's own verdict on each object, new or changed: strict decoding, defaulting, validation.

A custom resource is judged by the definition of its kind, which an object or a chart of the stack brings: its schema,
its defaults and its rules, those over changes among them. A field that the definition does not know is refused, which
an API server drops without a word. A kind that nobody knows is a finding, so that nothing passes unjudged.

Source: k8s.io/kubernetes, pkg/registry, and k8s.io/apiextensions-apiserver, pkg/registry/customresource, as
`tools/kubernetes` runs them; Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions".
"""

from collections.abc import Iterable, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.api_server import ApiServer, CustomKindError, Problem, UnsupportedObjectError
from offline.checks.kubernetes.definitions import definitions_in
from offline.checks.kubernetes.objects import KubernetesObject, object_of
from offline.checks.kubernetes.stack import Stack
from offline.providers.kubernetes.kinds import replaced_by
from offline.providers.resource import Resource
from offline.providers.values import Properties, plain

_SOURCE = "Kubernetes 1.35 API server"


class ApiServerJudge:
    """Says what the API server refuses in an object.

    Args:
        server: who is asked; closed with the judge.
    """

    name = "api-server"

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._custom: dict[tuple[str, str], bool] = {}

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Fields and values that the API server refuses, and changes of what stands."""
        found = object_of(resource)
        if found is None:
            return []
        changed = _before(found)
        try:
            problems = self._server.problems(found.content, changed)
        except CustomKindError:
            # Its definition may be another resource's.
            return []
        except UnsupportedObjectError as reason:
            add = "Add the kind to tools/kubernetes/kinds.go, or teach the judge to leave it out"
            return [found.finding(self.name, "kind", f"can't be judged: {reason}", _SOURCE, add)]
        return [self._finding(found, problem, changed is not None) for problem in problems]

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Custom resources, each by its definition."""
        stack = Stack(resources)
        definitions = definitions_in(stack)
        for found in stack.objects:
            if not self._is_custom(found):
                continue
            definition = definitions.get((found.group, found.kind))
            if definition is None:
                rule = f"is of a kind that nothing in the stack defines in group {found.group}"
                fix = "Install what brings its definition; Kubernetes' own kinds stand in tools/kubernetes/kinds.go"
                yield found.finding(self.name, "kind", rule, _SOURCE, fix)
                continue
            changed = _before(found)
            try:
                problems = self._server.problems(found.content, changed, definition=definition.content)
            except UnsupportedObjectError as reason:
                fix = "Correct the version, or the definition"
                yield found.finding(self.name, "apiVersion", f"can't be judged: {reason}", _SOURCE, fix)
                continue
            yield from (self._finding(found, problem, changed is not None) for problem in problems)

    def _is_custom(self, found: KubernetesObject) -> bool:
        """Whether a kind is not Kubernetes' own, asked once."""
        kind = (found.content["apiVersion"], found.kind)
        if kind not in self._custom:
            self._custom[kind] = self._server.is_custom(*kind)
        return self._custom[kind]

    def close(self) -> None:
        """End the process."""
        self._server.close()

    def _finding(self, found: KubernetesObject, problem: Problem, is_change: bool) -> Finding:
        rule = f"is refused as {problem.reason.lower()}: {problem.detail}"
        fix = {
            "Required value": "Set it",
            "Duplicate value": "Remove one of the two, or name them apart",
            "Not found": "Name something that the object holds",
            "Forbidden": "Leave it as it was" if is_change else "Remove it",
            "unknown field": "Correct its spelling or its place",
            "undecodable": "Give it a value of the field's type",
        }.get(problem.reason, "Give it a value that the rule allows")
        return found.finding(self.name, problem.field, rule, _SOURCE, fix)


def _before(found: KubernetesObject) -> Properties | None:
    """The object as it was; none for a new one. What is replaced comes again as a new one, and Helm replaces none."""
    old = plain(found.resource.old_inputs)
    is_kept = found.resource.part_of or not replaced_by(old, found.content, found.resource.settings)
    return old if old and is_kept else None
