"""What one environment decides about a node group."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.cluster.instance_type import Architecture
from components.cluster.node_settings import NodeSettings, following
from components.cluster.usual_nodes import Capacity, group_types

# Amazon EKS quota "Nodes per managed node group".
MOST_NODES = 450
# Amazon EKS API reference, CreateNodegroup: instanceTypes takes twenty.
MOST_TYPES = 20

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NEW_BEFORE_OLD = "a new group comes up before the nodes of the old one are drained"
REPLACES_GROUP = OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD))


class NodeGroupSettings(NodeSettings):
    """One managed node group of fixed capacity: what it runs, on which instances, on how many."""

    architecture: Annotated[Architecture, REPLACES_GROUP]
    """Processors of every instance type of the group."""

    capacity: Annotated[Capacity, REPLACES_GROUP] = "on-demand"
    """How the group buys its instances."""

    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST_TYPES), REPLACES_GROUP] = following(
        group_types, "workload", "architecture", words="the usual families of workload and architecture, in one size"
    )
    """EC2 instance types, in order of preference for on-demand groups."""

    zones: Annotated[tuple[str, ...] | None, Field(min_length=1), REPLACES_GROUP] = None
    """Availability zones of its nodes; null for all of network.zones."""

    size: Annotated[
        int,
        Field(ge=0, le=MOST_NODES),
        OnChange(
            in_place("adds nodes"),
            smaller=in_place("drains nodes that Amazon EC2 Auto Scaling picks, which ends what runs on them"),
        ),
    ]
    """Nodes that the group has; `pulumi up` sets it and nothing else changes it."""
