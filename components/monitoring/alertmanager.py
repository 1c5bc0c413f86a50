"""Alertmanager: groups the alerts of both replicas of Prometheus into one, holds back what follows from another.

It publishes to the environment's Amazon SNS topic and calls the receivers of settings. Who gets what stands in
files/alertmanager.yaml, what is added to it in `alert_routing.py`.
Leaves out a page outside the cluster: people reach it by port forwarding.
"""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import MESSAGES, ROUTING, SECRETS, TeamReceivers, cluster_routing, to_yaml
from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import (
    ALERT_ROUTER,
    ALERTMANAGER_PORT,
    GOSSIP_PORT,
    NAMESPACE,
    NOBODY,
    address,
)
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources
from components.workloads.security import restricted_container
from components.workloads.stateful_service import (
    DATA_VOLUME,
    StatefulService,
    make_stateful_service,
    replica_host,
)
from components.workloads.volumes import optional_secret_volume

Core = kubernetes.core.v1

MOUNTED = "/etc/alertmanager"
DATA = "/alertmanager"
PORTS = {"http": ALERTMANAGER_PORT}
REPLICA_PORTS = {"gossip": GOSSIP_PORT}
# Silences, and which notifications went out.
VOLUME_GIB = 2


class Alertmanager(pulumi.ComponentResource):
    """One replica, or two that agree between them who has notified whom.

    Args:
        name: logical name.
        settings: availability.
        alerts: receivers.
        account: the environment's account.
        team_receivers: namespace of every team to the receivers that it names.
        topic_arn: the topic for people.
        heartbeat_arn: the topic whose messages are counted.
        namespace: the namespace, as an output of it.
        protect: refuse to delete the volumes.

    Outputs:
        url: where its page and API are inside the cluster.

    Source: Alertmanager documentation, "High availability", "Configuration".
    """

    url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        alerts: AlertsSettings,
        account: Account,
        *,
        team_receivers: TeamReceivers,
        topic_arn: pulumi.Input[str],
        heartbeat_arn: pulumi.Input[str],
        namespace: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Alertmanager", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = ALERT_ROUTER.placed_in(namespace)
        routing = pulumi.Output.all(topic_arn, heartbeat_arn).apply(
            lambda arns: to_yaml(
                cluster_routing(
                    alerts, account, topic_arn=arns[0], heartbeat_arn=arns[1], team_receivers=team_receivers
                )
            )
        )
        files = config_files(f"{name}-files", workload, (MESSAGES,), made={ROUTING.name: routing}, opts=child)
        secrets = receiver_secrets(alerts)
        make_stateful_service(
            name,
            StatefulService(
                workload,
                replicas=settings.replicas,
                volume_gib=VOLUME_GIB,
                user_id=NOBODY,
                containers=[container(settings.replicas, secrets)],
                volumes=[
                    config_volume("config", files),
                    # A receiver without its Secret fails by itself; it must not keep the others from being told.
                    *(optional_secret_volume(f"receiver-{each}", secret) for each, secret in secrets.items()),
                ],
                ports=PORTS,
                replica_ports=REPLICA_PORTS,
                affinity="ClientIP",
            ),
            protect=protect,
            opts=child,
        )
        self.url = pulumi.Output.from_input(address(ALERT_ROUTER, ALERTMANAGER_PORT))
        self.register_outputs({"url": self.url})


def receiver_secrets(alerts: AlertsSettings) -> dict[str, str]:
    """Receiver name to the Secret that holds its address or key."""
    secrets = {name: receiver.secret for name, receiver in alerts.receivers.items()}
    return secrets | ({"heartbeat": alerts.heartbeat_secret} if alerts.heartbeat_secret else {})


def arguments(replicas: int) -> list[str]:
    """Command line of Alertmanager; a single one listens for no others."""
    peers = [
        f"--cluster.peer={replica_host(ALERT_ROUTER, index)}.{NAMESPACE}.svc:{GOSSIP_PORT}" for index in range(replicas)
    ]
    return [
        f"--config.file={MOUNTED}/alertmanager.yaml",
        f"--storage.path={DATA}",
        *(
            [f"--cluster.listen-address=0.0.0.0:{GOSSIP_PORT}", *peers]
            if replicas > 1
            else ["--cluster.listen-address="]
        ),
    ]


def container(replicas: int, secrets: Mapping[str, str]) -> kubernetes.core.v1.ContainerArgs:
    """The only container."""
    return Core.ContainerArgs(
        name=ALERT_ROUTER.name,
        image=ALERT_ROUTER.image.reference,
        args=arguments(replicas),
        ports=ports({**PORTS, **REPLICA_PORTS}),
        resources=resources(cpu="50m", memory_mib=128, memory_limit_mib=256),
        security_context=restricted_container(),
        liveness_probe=http_probe("/-/healthy", "http", period_seconds=30),
        readiness_probe=http_probe("/-/ready", "http"),
        volume_mounts=[
            mount("config", MOUNTED, read_only=True),
            mount(DATA_VOLUME, DATA),
            *(mount(f"receiver-{name}", f"{SECRETS}/{name}", read_only=True) for name in secrets),
        ],
    )
