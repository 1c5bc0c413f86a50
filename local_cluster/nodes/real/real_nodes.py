"""Real nodes beside simulated ones: what each stands for, which images it gets, and which pods go where."""

from collections.abc import Iterable, Sequence

from local_cluster.cluster import LocalCluster
from local_cluster.images.plan import summary
from local_cluster.nodes.kind_of_node import REAL, SIMULATED, is_real
from local_cluster.nodes.node_groups import NodeGroups
from local_cluster.nodes.plan import GROUP, planned_nodes
from local_cluster.nodes.real.admission import kind_for
from local_cluster.nodes.real.images import provide, wanted
from local_cluster.nodes.real.roster import Role, assigned, read_roster, with_images, write_roster
from offline.checks.kubernetes.objects import objects_among
from offline.progress import Say
from offline.providers.resource import Resource

_MERGE = "application/merge-patch+json"


class RealNodes:
    """The real nodes of one cluster.

    Args:
        cluster: it runs; it may have none.
        report: where signs of life go.
    """

    def __init__(self, cluster: LocalCluster, report: Say) -> None:
        self._cluster, self._report = cluster, report

    @property
    def are_asked_for(self) -> bool:
        """Whether the cluster has some, or is to have some."""
        return self._cluster.real_nodes > 0 or bool(self.roster)

    def prepare(self, expected: Sequence[Resource], existing: Sequence[Resource]) -> None:
        """Give the nodes what the stack's next state asks of them, and bring what runs in line with it.

        Args:
            expected: the resources of the stack as they will be.
            existing: those of the account as they are.

        Raises:
            MissingToolError: when an image that can be had is refused by a node.
        """
        if not self.are_asked_for:
            return
        roster = assigned((each for each in expected if each.type == GROUP), self._cluster.real_nodes)
        pods = [each.pods for each in objects_among(expected) if each.pods is not None]
        self._give(roster, wanted(roster, pods), ())
        self._forget_nodes({role.node for role in roster})
        for each in existing:
            if each.type == GROUP:
                self.put(each, existing)
        self._bring_in_line()

    def add_spark_image(self, reference: str) -> None:
        """Give the nodes on which applications run an image of theirs."""
        roster = self.roster
        nodes = {role.node: {reference} for role in roster if role.taints}
        self._give(roster, nodes, [reference])

    def put(self, group: Resource, existing: Sequence[Resource]) -> None:
        """Give a node group its nodes."""
        real = [role.node for role in self.roster if role.group == group.name]
        NodeGroups(self._cluster.api, self._report).put(group.name, planned_nodes(group, existing), real)

    @property
    def roster(self) -> list[Role]:
        """What each real node stands for."""
        return read_roster(self._cluster.directory)

    def _forget_nodes(self, names: set[str]) -> None:
        """Delete real nodes that there are no more, and their pods, whose end no kubelet will report."""
        api = self._cluster.api
        gone = [each for each in api.listed("Node") if is_real(each) and each["metadata"]["name"] not in names]
        api.remove(*gone)
        for node in gone:
            for pod in api.listed("Pod", field_selector=f"spec.nodeName={node['metadata']['name']}"):
                name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
                api.resource("Pod").delete(name=name, namespace=namespace, body={"gracePeriodSeconds": 0})

    def _give(self, roster: Iterable[Role], images: dict[str, set[str]], spark: Sequence[str]) -> None:
        """Bring images to nodes, and write down who has which."""
        directory = self._cluster.directory
        planned = provide(directory, images, spark, self._report) if images else []
        for line in summary(planned):
            self._report(line)
        had = {each.reference for each in planned if each.source != "missing"}
        before = {role.node: set(role.images) for role in self.roster}
        has = {role.node: before.get(role.node, set()) | (images.get(role.node, set()) & had) for role in roster}
        write_roster(directory, with_images(roster, has))

    def _bring_in_line(self) -> None:
        """Send what runs elsewhere, where images or nodes are others than when it came."""
        api, roster = self._cluster.api, self.roster
        for found in api.listed("DaemonSet", "apps/v1"):
            # Whatever changes it, admission decides anew.
            name, namespace = found["metadata"]["name"], found["metadata"]["namespace"]
            api.resource("DaemonSet", "apps/v1").patch(name=name, namespace=namespace, body={}, content_type=_MERGE)
        kinds = {each["metadata"]["name"]: REAL if is_real(each) else SIMULATED for each in api.listed("Node")}
        for pod in api.listed("Pod"):
            owners = [each["kind"] for each in pod["metadata"].get("ownerReferences") or []]
            node = pod["spec"].get("nodeName")
            if node and owners and "DaemonSet" not in owners and kinds.get(node) != kind_for(pod["spec"], roster):
                name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
                api.resource("Pod").delete(name=name, namespace=namespace)
