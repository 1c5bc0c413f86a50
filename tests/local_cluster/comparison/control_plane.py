"""A control plane with a stack's nodes, and with its objects that make no pods."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.node_groups import NodeGroups
from local_cluster.nodes.plan import GROUP, planned_nodes
from offline.charts import find_charts
from offline.checks.charts.judge import ReleasesJudge
from offline.checks.judges import with_what_they_bring
from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.definitions import DEFINITION
from offline.checks.kubernetes.objects import objects_among
from offline.progress import silent
from offline.providers.resource import Resource
from tests.local_cluster.comparison.real_kubernetes import Object, RealKubernetes

# As many as production has for its platform and for shuffles. Spark's groups have more, which take time to come and
# show nothing.
_MOST_NODES = 9


def _is_new(node: Object) -> bool:
    return any("not-ready" in each["key"] for each in node["spec"].get("taints") or [])


def _definitions(resources: Sequence[Resource]) -> list[Object]:
    """The custom kinds of a stack, those of its releases' charts among them."""
    releases = ReleasesJudge(ApiServer(), lambda: find_charts(silent))
    brought = objects_among(with_what_they_bring(resources, [releases]))
    return [each.content for each in brought if each.kind == DEFINITION]


def _is_served(definition: Object | None) -> bool:
    conditions = ((definition or {}).get("status") or {}).get("conditions") or []
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


@contextmanager
def real_kubernetes(resources: Sequence[Resource], directory: Path) -> Iterator[RealKubernetes]:
    """A control plane for a stack's resources, which ends with the context.

    Args:
        resources: of the stack; their objects that make no pods are in it afterwards.
        directory: where it is kept; a short name, as names of sockets are short.
    """
    cluster = LocalCluster(ClusterDirectory(directory, "production"), silent)
    cluster.start()
    try:
        groups = NodeGroups(cluster.api, silent)
        for each in resources:
            if each.type == GROUP:
                groups.put(each.name, planned_nodes(each, resources)[:_MOST_NODES])
        asked = RealKubernetes(cluster.api)
        # A node that has not reported yet has a taint that says so.
        asked.wait_until(lambda: not any(map(_is_new, cluster.api.listed("Node"))), "the nodes' first report")
        for each in _definitions(resources):
            assert not asked.apply(each), each["metadata"]["name"]
            asked.wait_until(lambda each=each: _is_served(asked.read(each)), each["metadata"]["name"])
        for found in sorted(objects_among(resources), key=lambda each: each.kind != "Namespace"):
            refusal = asked.apply(found.content, dry_run=found.pods is not None)
            assert not refusal, f"{found.kind} {found.name}: {refusal}"
        yield asked
    finally:
        cluster.stop()
