"""What the EKS add-ons are configured with, where it differs from their own defaults: plain values.

Keys are those of `aws eks describe-addon-configuration`. Controllers run on the untainted system nodes; node agents
tolerate every taint, because a node without its agents is blind.
"""

from typing import Any

from components.workloads.scheduling import WORKLOAD_KEY, on_system_nodes

Configuration = dict[str, Any]

EVERY_TAINT = [{"operator": "Exists"}]
# Labels that Spark on Kubernetes and YuniKorn put on driver and executor pods.
SPARK_POD_LABELS = ("spark-app-selector", "spark-role", "spark-app-name", "spark-exec-id", "queue")
# What nodes are compared by: architecture, size, group, way of buying, zone, and what they run.
NODE_LABELS = (
    "kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
    "eks.amazonaws.com/nodegroup",
    "eks.amazonaws.com/capacityType",
    "topology.kubernetes.io/zone",
    WORKLOAD_KEY,
)


def coredns() -> Configuration:
    """Replicas grow with nodes and cores: executors ask for every bucket by name, with five search suffixes each."""
    return {
        "autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 20},
        "nodeSelector": on_system_nodes(),
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
    }


def ebs_csi_driver(region: str) -> Configuration:
    """The controller learns its Region from here: pods reach no instance metadata through a hop limit of one.

    Args:
        region: the environment's Region.
    """
    return {
        "controller": {"nodeSelector": on_system_nodes(), "region": region},
        "node": {"tolerateAllTaints": True},
    }


def metrics_server() -> Configuration:
    """Two replicas, so that autoscaling doesn't stop with a node."""
    return {
        "nodeSelector": on_system_nodes(),
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "replicas": 2,
    }


def node_monitoring_agent() -> Configuration:
    """On every node."""
    return {"nodeAgent": {"tolerations": EVERY_TAINT}}


def kube_state_metrics() -> Configuration:
    """Labels by which metrics are joined to Spark applications, executors and queues, and to kinds of nodes."""
    return {
        "metricLabelsAllowlist": [f"pods=[{','.join(SPARK_POD_LABELS)}]", f"nodes=[{','.join(NODE_LABELS)}]"],
        "nodeSelector": on_system_nodes(),
    }


def node_exporter() -> Configuration:
    """On every node."""
    return {"tolerations": EVERY_TAINT}


def guardduty_agent() -> Configuration:
    """On every node, full ones among them: with the add-on's own class it would wait for room and watch nothing.

    Source: Amazon GuardDuty user guide, "Configure GuardDuty security agent (add-on) parameters for Amazon EKS".
    """
    return {"priorityClassName": "aws-guardduty-agent.priorityclass-high"}
