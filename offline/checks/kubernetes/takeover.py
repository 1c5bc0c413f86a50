"""Whether the next run can take an object over from one that ended before it saved its state.

Pulumi's provider applies each object as an owner of its own, whose name it keeps in the state. Where the state does not
know the object, the next run applies it as another owner, and the API server refuses that for each field whose value
would change. A field that is left out of an atomic struct, map or list does that: the API server has filled it in, and
the same application would take it away again. Everything else that is left out is not touched.

The API server's own code says which fields these are. Leaves out custom resources, what admission fills in, such as
tolerations of a pod that no controller makes, and what charts bring: Helm applies nothing as an owner.

Sources: Kubernetes documentation, "Server-Side Apply", Conflicts and Merge strategy; pulumi-kubernetes,
provider/pkg/provider/provider.go, fieldManagerName and normalizeInputs. Tried on an API server:
tests/local_cluster/comparison/test_takeover.py.
"""

from collections.abc import Iterable, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.api_server import ApiServer, UnsupportedObjectError
from offline.checks.kubernetes.objects import object_of
from offline.providers.resource import Resource

_SOURCE = 'Kubernetes documentation, "Server-Side Apply"'


class TakeoverJudge:
    """Says which fields keep an object from being taken over.

    Args:
        server: who is asked.
    """

    name = "takeover"

    def __init__(self, server: ApiServer) -> None:
        self._server = server

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Atomic fields that leave out what the API server fills in."""
        found = object_of(resource)
        if found is None or resource.part_of:
            return
        try:
            problems = self._server.conflicts(found.content)
        except UnsupportedObjectError:
            # The judge of the API server's verdict has said so.
            return
        for problem in problems:
            rule = (
                "is one field to the API server, which fills in what it leaves out: once an `up` is interrupted, the "
                "next one is refused a conflict there"
            )
            yield found.finding(self.name, problem.field, rule, _SOURCE, f"Say what is filled in: {problem.detail}")

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Nothing: objects are taken over one at a time."""
        del resources
        return []
