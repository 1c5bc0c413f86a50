"""The API server's own verdict on each object, new or changed: strict decoding, defaulting, validation.

Source: k8s.io/kubernetes, pkg/registry, as `tools/kubernetes` runs it. Leaves out custom resources: a kind that the
program doesn't know is a finding, so that nothing passes unjudged.
"""

from collections.abc import Iterable, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.api_server import ApiServer, Problem, UnsupportedObjectError
from offline.checks.kubernetes.objects import KubernetesObject, object_of
from offline.providers.kubernetes.kinds import replaced_by
from offline.providers.resource import Resource
from offline.providers.values import plain

_SOURCE = "Kubernetes 1.35 API server"


class ApiServerJudge:
    """Says what the API server refuses in an object.

    Args:
        server: who is asked; closed with the judge.
    """

    name = "api-server"

    def __init__(self, server: ApiServer) -> None:
        self._server = server

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Fields and values that the API server refuses, and changes of what stands."""
        found = object_of(resource)
        if found is None:
            return []
        # What is replaced comes again, as a new object.
        old = plain(resource.old_inputs)
        changed = old if old and not replaced_by(old, found.content, resource.settings) else None
        try:
            problems = self._server.problems(found.content, changed)
        except UnsupportedObjectError as reason:
            add = "Add the kind to tools/kubernetes/kinds.go, or teach the judge to leave it out"
            return [found.finding(self.name, "kind", f"can't be judged: {reason}", _SOURCE, add)]
        return [self._finding(found, problem, changed is not None) for problem in problems]

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Nothing: the API server looks at one object at a time."""
        del resources
        return []

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
