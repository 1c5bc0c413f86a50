"""One Moka environment: the stack's settings, the environment they describe, and what to do next with it."""

import pulumi

from components.aws_provider import aws_provider
from components.cluster.running_version import require_no_downgrade
from components.deployed import OUTPUT
from components.environment import Environment
from components.first_step import FirstStep, makes_only_the_ground
from components.identity.role_bounds import role_bounds
from components.network.zone_ids import require_usable_zones
from components.outputs import export
from components.release import RELEASE
from components.sdk import wait_for_each_output_once
from components.settings import Settings, load


def main(settings: Settings) -> None:
    """Make the environment, or only what has to be there before the cluster, and export what people need."""
    account = settings.account
    pulumi.runtime.register_resource_transform(role_bounds(account))
    provider = aws_provider(account)
    require_usable_zones(settings.network.zones, account, provider)
    require_no_downgrade(settings.cluster.kubernetes_version, account, provider)
    on_aws = pulumi.ResourceOptions(providers=[provider])
    export("release", RELEASE)
    if makes_only_the_ground():
        first = FirstStep("environment", settings, opts=on_aws)
        export("vpc_id", first.vpc_id)
        export("control_plane_subnet_ids", first.control_plane_subnet_ids)
        export("image_publisher_role_arn", first.publisher_role_arn)
        return
    environment = Environment("environment", settings, opts=on_aws)
    export(OUTPUT, pulumi.Output.secret(settings.model_dump_json()))
    export("vpc_id", environment.vpc_id)
    export("control_plane_subnet_ids", environment.control_plane_subnet_ids)
    export("cluster_name", environment.cluster_name)
    export("kubeconfig", pulumi.Output.secret(environment.kubeconfig))
    export("bucket_names", environment.bucket_names)
    export("log_database", environment.logging.database)
    export("log_workgroup", environment.logging.workgroup)
    export("role_arns", environment.role_arns)
    export("image_publisher_role_arn", environment.publisher_role_arn)
    export("alert_topic_arn", environment.alert_topic_arn)
    export("log_reader_role_arns", environment.logging.reader_role_arns)
    export("prometheus_url", environment.monitoring.prometheus_url)
    export("metrics_workspace_endpoint", environment.monitoring.workspace_endpoint)
    export("login_command", f"aws eks update-kubeconfig --region {account.region} --name {account.cluster_name}")
    export("grafana_command", environment.monitoring.grafana_command)
    export("grafana_password_command", environment.monitoring.grafana_password_command)
    export("team_namespaces", environment.spark.team_namespaces)
    export("spark_defaults_command", environment.spark.spark_defaults_command)
    export("queues_command", environment.spark.queues_command)
    export("history_server_command", environment.spark.history_server_command)
    export("live_ui_pages", environment.live_ui_pages)
    export("live_ui_address", environment.live_ui_address)


wait_for_each_output_once()
main(load())
