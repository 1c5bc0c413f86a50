"""Karpenter: the controller that adds a node when a pod finds no room, and takes it away when nothing needs it.

Leaves out the pools themselves (`node_pools.py`), and what it is to AWS (`identity.py`).
"""

import pulumi

from components.account import Account
from components.capacity.karpenter_values import karpenter_values
from components.capacity.names import CONTROLLER, METRICS_PORT, NAMESPACE
from components.charts.release import release
from components.charts.settings import ChartsSettings
from components.charts.versions import KARPENTER, KARPENTER_CRD
from components.workloads.access import service_account
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, bound_namespace, scrapers
from components.workloads.workload import object_name


class Karpenter(pulumi.ComponentResource):
    """Its definitions, its controller in a namespace of its own, and who may reach it.

    The definitions are a release of their own: Helm installs those in a chart's directory `crds` once and never changes
    them. They outlive the controller on a destroy, and whatever is defined by them has to be gone before both.

    Args:
        name: logical name, such as karpenter.
        settings: where charts come from.
        account: the environment's account.
        cluster_endpoint: URL of the Kubernetes API.
        queue_name: name of the queue of interruptions.
        most_nodes: nodes that the pools may grow to, together.
        opts: its providers must hold the cluster's Kubernetes provider; it waits for nodes and DNS.

    Source: Karpenter documentation, "Upgrading", CRD upgrades.
    """

    def __init__(
        self,
        name: str,
        settings: ChartsSettings,
        account: Account,
        *,
        cluster_endpoint: pulumi.Input[str],
        queue_name: pulumi.Input[str],
        most_nodes: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Karpenter", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        space = object_name(namespace(NAMESPACE, "restricted", opts=child).metadata)
        bound_namespace(name, space, opts=child)
        allow_from(f"{name}-metrics", CONTROLLER.placed_in(space), scrapers(), [METRICS_PORT], opts=child)
        user = service_account(name, CONTROLLER.placed_in(space), opts=child)
        definitions = release(f"{name}-crd", KARPENTER_CRD, settings, namespace=space, values={}, opts=child)
        values = karpenter_values(
            account, cluster_endpoint=cluster_endpoint, queue_name=queue_name, most_nodes=most_nodes
        )
        release(
            name,
            KARPENTER,
            settings,
            namespace=space,
            values=values,
            # The controller ends where its definitions are missing.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[definitions, user]),
        )
        self.register_outputs({})
