"""The outputs of a stack: what each is for, in the order in which people read them.

Whoever exports a value names it here, so that nobody finds an output without a word on what to do with it. Leaves out
how they are shown, which is for whoever reads them.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.deployed import OUTPUT

OUTPUTS: Mapping[str, str] = {
    "login_command": "run it first; then kubectl reaches the cluster",
    "grafana_command": "opens Grafana at http://localhost:3000",
    "grafana_password_command": "prints the password of Grafana's admin",
    "history_server_command": "opens Spark's history at http://localhost:18080",
    "queues_command": "opens YuniKorn's queues at http://localhost:9080",
    "spark_defaults_command": "eval it for spark-submit's defaults: docs/spark.md",
    "live_ui_pages": "where teams see running jobs: docs/live-ui.md",
    "live_ui_address": "where the name of those pages must lead",
    "team_namespaces": "where applications run: docs/teams.md",
    "bucket_names": "where logs lie: docs/finding-logs.md",
    "log_reader_role_arns": "take one to read logs: docs/log-access.md",
    "log_database": "choose it in Athena: docs/finding-logs.md",
    "log_workgroup": "choose it in Athena; it has saved queries",
    "alert_topic_arn": "subscribe to it for alerts: docs/alerts.md",
    "prometheus_url": "ask it for metrics, from within the cluster",
    "metrics_workspace_endpoint": "ask it for metrics, from outside: docs/metrics.md",
    "cluster_name": "name it in commands of aws eks",
    "vpc_id": "connect your network to it: docs/private-api.md",
    "control_plane_subnet_ids": "they must be reachable: docs/private-api.md",
    "image_publisher_role_arn": "your workflow pushes images by it: docs/images.md",
    "role_arns": "what programs may do: docs/security-identity.md",
    "kubeconfig": "for programs; people take login_command",
    OUTPUT: "the next run compares with it: docs/changes.md",
    "release": "look it up in CHANGELOG.md",
}
BOOTSTRAP_OUTPUTS: Mapping[str, str] = {
    "backend_url": "give it to pulumi login: docs/bootstrap.md",
    "secrets_provider": "give it to pulumi stack init --secrets-provider",
    "deploy_role_arn": "pipelines deploy by it: docs/deployments.md",
    "preview_role_arn": "pipelines preview by it: docs/deployments.md",
    "role_boundary_arn": "it bounds every role of the environment",
    "state_key_arn": "it encrypts what states hold in secret",
}


def export(name: str, value: Any) -> None:
    """Export a value of the stack.

    Args:
        name: of the output.
        value: what it is.

    Raises:
        ValueError: when nothing says what it is for.
    """
    if name not in OUTPUTS and name not in BOOTSTRAP_OUTPUTS:
        raise ValueError(f"output {name} has no row in components/outputs.py: write what people do with it")
    pulumi.export(name, value)
