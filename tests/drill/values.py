"""Other values for fields that no schema tells enough of: by path, a function from the present value to others."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

ROLE = "arn:aws:iam::222222222222:role/another"
NEXT_VERSION = "1.36"
DIGEST = f"sha256:{'0' * 64}"


def one_more_role(roles: list[str]) -> Iterable[list[str]]:
    """The same roles and another."""
    return ([*roles, ROLE],)


def next_build(version: str) -> Iterable[str]:
    """The same add-on, built once more."""
    stem, _, build = version.rpartition(".")
    return (f"{stem}.{int(build) + 1}",)


OTHER_VALUES: Mapping[str, Callable[[Any], Iterable[Any]]] = {
    "accept_loss": lambda _: (["monitoring.storage"],),
    "network.cidr": lambda _: ("10.64.0.0/20",),
    "network.zones": lambda value: ({**value, "us-east-1d": "100.75.0.0/16"},),
    "network.control_plane_zones": lambda _: (["us-east-1a", "us-east-1b"],),
    "cluster.kubernetes_version": lambda _: (NEXT_VERSION,),
    "cluster.private_access.cidrs": lambda _: (["10.96.0.0/16"],),
    "cluster.private_access.security_group_ids": lambda _: (["sg-0123456789abcdef0"],),
    "cluster.service_cidr": lambda _: ("172.21.0.0/16",),
    "cluster.public_access_cidrs": lambda value: ([*value, "8.8.8.0/24"], []),
    "cluster.node_release": lambda _: ("1.35.8-20261001",),
    **{f"cluster.access.{kind}": one_more_role for kind in ("admin", "operator", "viewer", "ci")},
    **{
        f"cluster.addons.{name}": next_build
        for name in (
            "vpc_cni",
            "kube_proxy",
            "pod_identity_agent",
            "coredns",
            "ebs_csi_driver",
            "metrics_server",
            "node_monitoring_agent",
            "kube_state_metrics",
            "node_exporter",
            "guardduty_agent",
        )
    },
    "node_groups": lambda value: ({**value, "another": dict(value["executors"])},),
    "node_groups.<name>.architecture": lambda _: ("x86_64",),
    "node_groups.<name>.workload": lambda _: ("spark",),
    "node_groups.<name>.instance_types": lambda value: ([*value, "m6gd.2xlarge"],),
    "node_groups.<name>.zones": lambda _: (["us-east-1a"],),
    "node_groups.<name>.node_release": lambda _: ("1.35.8-20261001",),
    "teams": lambda value: ({**value, "another": dict(value["analytics"])},),
    "teams.<name>.owners": one_more_role,
    "teams.<name>.service_accounts": lambda value: ({**value, "another": {}},),
    "teams.<name>.data.read": lambda value: ([*value, {"bucket": "another"}],),
    "teams.<name>.data.write": lambda value: ([*value, {"bucket": "another"}],),
    "teams.<name>.receivers": lambda _: (["chat"],),
    "teams.<name>.service_accounts.<name>.data": lambda _: ({"read": [{"bucket": "another"}]},),
    "teams.<name>.queue.guaranteed": lambda _: ({"vcpus": 8, "memory_gib": 32},),
    "teams.<name>.queue.maximum": lambda _: ({"vcpus": 48, "memory_gib": 192},),
    "teams.<name>.queue.weight": lambda _: (2,),
    "teams.<name>.queue.parent": lambda _: ("research",),
    "scheduler.guaranteed": lambda _: ({"vcpus": 8, "memory_gib": 32},),
    "scheduler.parents": lambda _: ({"research": {}},),
    "node_pools": lambda value: ({**value, "another": dict(value["elastic"])},),
    "node_pools.<name>.architecture": lambda _: ("x86_64",),
    "node_pools.<name>.workload": lambda _: ("spark",),
    "node_pools.<name>.instance_types": lambda value: ([*value, "m6gd.2xlarge"],),
    "node_pools.<name>.zones": lambda _: (["us-east-1a"],),
    "node_pools.<name>.node_release": lambda _: ("1.35.8-20261001",),
    "node_pools.<name>.disruption_budgets": lambda value: ({**value, "small": {**value["always"], "nodes": "3"}},),
    "node_pools.<name>.disruption_budgets.<name>.nodes": lambda _: ("20%", "4"),
    "node_pools.<name>.disruption_budgets.<name>.reasons": lambda _: (["empty"],),
    "node_pools.<name>.disruption_budgets.<name>.schedule": lambda _: ("0 6 * * *",),
    "logs.readers.platform": one_more_role,
    "logs.readers.spark": one_more_role,
    "spark.image": lambda _: (f"222222222222.dkr.ecr.us-east-1.amazonaws.com/another/spark:4.1.2@{DIGEST}",),
    "spark.event_logs_at_root_until": lambda _: ("2027-12-31",),
    "spark.live_ui.host": lambda _: ("another.moka.internal",),
    "spark.live_ui.certificate_arn": lambda value: (f"{value[:-12]}{'0' * 12}",),
    "spark.live_ui.allowed_cidrs": lambda value: ([*value, "10.201.0.0/16"],),
    "spark.live_ui.issuer_url": lambda _: ("https://another.internal",),
    "spark.live_ui.client_id": lambda _: ("another",),
    "spark.live_ui.secret": lambda _: ("another",),
    "spark.live_ui.groups_claim": lambda _: ("another",),
    "spark.live_ui.groups": lambda _: ({"analytics": "data-analytics"},),
    "images.mirror": lambda _: ("registry.internal/moka",),
    "images.credentials": lambda value: ({"ghcr.io": value["ghcr.io"]},),
    "images.credentials.<name>": lambda value: (f"{value[:-6]}d4e5f6",),
    "images.publisher.repository": lambda _: ("example/another",),
    "images.publisher.environment": lambda _: ("another",),
    "teams.<name>.images": lambda value: ([*value, "another"],),
    # The offline cloud has its own copies of the charts, wherever they are said to be.
    "charts.mirror": lambda _: ("oci://registry.internal/charts",),
    "monitoring.forward_to.url": lambda _: ("https://another.internal/write",),
    "monitoring.forward_to.metrics": lambda value: ([*value, "up"],),
    "monitoring.traces_and_logs_to.url": lambda _: ("https://another.internal",),
    **{
        f"monitoring.{store}.headers_secret.{part}": lambda _: ("another",)
        for store in ("forward_to", "traces_and_logs_to")
        for part in ("name", "key")
    },
    "alerts.email_addresses": lambda value: ([*value, "another@moka.internal"],),
    "alerts.receivers": lambda value: ({**value, "another": {"kind": "webhook", "secret": "another"}},),
    "alerts.receivers.<name>.secret": lambda _: ("another",),
    "alerts.receivers.<name>.severities": lambda _: (["critical", "warning"],),
    "alerts.receivers.<name>.teams": lambda _: (["spark"],),
    "alerts.heartbeat_secret": lambda _: ("heartbeat",),
}

_BUDGET = "node_pools/elastic/disruption_budgets/always"
# What has to change with a field for the settings to load.
COMPANIONS: Mapping[str, Mapping[str, Any]] = {
    "teams.<name>.queue.weight": {"scheduler/guaranteed": {"vcpus": 8, "memory_gib": 32}},
    "teams.<name>.queue.parent": {"scheduler/parents": {"research": {}}},
    "scheduler.parents": {"teams/analytics/queue/parent": "research"},
    "images.mirror": {"images/credentials": {}},
    "images.digests_required": {
        "spark/image": f"222222222222.dkr.ecr.us-east-1.amazonaws.com/moka/spark:4.1.2-1@{DIGEST}"
    },
    "protect": {"cluster/public_access_cidrs": [], "cluster/private_access/cidrs": ["10.96.0.0/16"]},
    "shuffle.celeborn": {"node_groups/shuffle/workload": "spark"},
    "node_groups.<name>.architecture": {"node_groups/executors/instance_types": ["r6id.2xlarge", "m6id.2xlarge"]},
    "node_pools.<name>.architecture": {
        "node_pools/elastic/instance_types": [
            f"{family}.2xlarge" for family in ("r6id", "r6idn", "i4i", "m6id", "m6idn", "r5d")
        ]
    },
    # A drain waits for drivers as long as they run.
    "node_pools.<name>.workload": {"node_pools/elastic/termination_grace_minutes": None},
    "node_pools.<name>.disruption_budgets.<name>.schedule": {f"{_BUDGET}/duration_minutes": 60},
    "node_pools.<name>.disruption_budgets.<name>.duration_minutes": {f"{_BUDGET}/schedule": "0 6 * * *"},
}
# A change of these makes another environment; that they are refused is told without an engine.
NEVER_CHANGED = ("name", "account_id", "region")
