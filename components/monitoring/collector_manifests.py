"""Pods and rights of the OpenTelemetry Collectors as pure functions of settings and names."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.monitoring.destinations import HeadersSecret
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import QUEUES, Collector, collector_files, header_secrets, queue_volume_mib
from components.monitoring.workloads import (
    CLUSTER_COLLECTOR,
    COLLECTOR_USER,
    HEALTH_PORT,
    NODE_COLLECTOR,
    OTLP_PORTS,
    TELEMETRY_PORT,
)
from components.workloads.config_files import config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.node_agent import node_agent_spec
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.volumes import scratch_volume
from components.workloads.workload import Workload

Core = kubernetes.core.v1
Rbac = kubernetes.rbac.v1

MOUNTED = "/etc/otelcol"
AGENT_REQUEST_MIB = 192
# A store that has too much to do says 429; without this the exporter would take that for a refusal for good.
FEATURE_GATES = "--feature-gates=exporter.prometheusremotewritexporter.RetryOn429"
# A node that went away is found out within a minute; by default its pods are replaced after five.
MOVE_AFTER_SECONDS = 30


def node_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Read the kubelet's metrics, and find pods on the node; RBAC cannot narrow the latter to one node."""
    return [
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["nodes/metrics"], verbs=["get"]),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["pods"], verbs=["get", "list", "watch"]),
    ]


def cluster_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Read the API server's metrics, and find it and the pods of cluster-wide sources."""
    return [
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["pods", "services"], verbs=["get", "list", "watch"]),
        Rbac.PolicyRuleArgs(
            api_groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=["get", "list", "watch"]
        ),
        Rbac.PolicyRuleArgs(non_resource_urls=["/metrics"], verbs=["get"]),
    ]


def agent_spec(
    settings: MonitoringSettings, values: Mapping[str, pulumi.Input[str]], config_map: pulumi.Input[str]
) -> kubernetes.apps.v1.DaemonSetSpecArgs:
    """One collector on every node, whatever its architecture and taints."""
    fields = {
        "NODE_NAME": "spec.nodeName",
        "NODE_IP": "status.hostIP",
        "POD_NAME": "metadata.name",
        "POD_IP": "status.podIP",
    }
    container = _container(
        NODE_COLLECTOR,
        arguments("agent", settings),
        [*variables(values, fields), *secret_variables(header_secrets("agent", settings))],
        {"health": HEALTH_PORT, "telemetry": TELEMETRY_PORT, **OTLP_PORTS},
        resources(cpu="100m", memory_mib=AGENT_REQUEST_MIB, memory_limit_mib=settings.agent_memory_mib),
    )
    return node_agent_spec(
        NODE_COLLECTOR,
        container=container,
        volumes=_volumes("agent", settings, config_map),
        security_context=restricted_pod(COLLECTOR_USER),
    )


def cluster_spec(
    settings: MonitoringSettings, values: Mapping[str, pulumi.Input[str]], config_map: pulumi.Input[str]
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """One collector for the cluster; a roll stops the old one first, so that no two scrape at once."""
    fields = {"POD_NAME": "metadata.name", "POD_IP": "status.podIP"}
    container = _container(
        CLUSTER_COLLECTOR,
        arguments("cluster", settings),
        [*variables(values, fields), *secret_variables(header_secrets("cluster", settings))],
        {"health": HEALTH_PORT, "telemetry": TELEMETRY_PORT},
        resources(cpu="200m", memory_mib=settings.cluster_collector_memory_mib),
    )
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=1,
        selector=CLUSTER_COLLECTOR.label_selector(),
        strategy=kubernetes.apps.v1.DeploymentStrategyArgs(type="Recreate"),
        template=Core.PodTemplateSpecArgs(
            metadata=CLUSTER_COLLECTOR.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=CLUSTER_COLLECTOR.name,
                automount_service_account_token=True,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                tolerations=_move_soon(),
                security_context=restricted_pod(COLLECTOR_USER),
                containers=[container],
                volumes=_volumes("cluster", settings, config_map),
            ),
        ),
    )


def arguments(collector: Collector, settings: MonitoringSettings) -> list[str]:
    """Command line of a collector: the files it merges, in order."""
    files = [f"--config={MOUNTED}/{file.name}" for file in collector_files(collector, settings)]
    return [*files, FEATURE_GATES]


def secret_variables(secrets: Mapping[str, HeadersSecret]) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Environment variables whose values are in Secrets, unset while a Secret or its key is missing.

    People make the Secrets in a namespace that the same `pulumi up` makes: a pod that waited for one would keep the
    first `up` from ending, and every store without metrics. An unset variable is a request without headers.
    """
    return [
        Core.EnvVarArgs(
            name=name,
            value_from=Core.EnvVarSourceArgs(
                secret_key_ref=Core.SecretKeySelectorArgs(name=secret.name, key=secret.key, optional=True)
            ),
        )
        for name, secret in secrets.items()
    ]


def _volumes(
    collector: Collector, settings: MonitoringSettings, config_map: pulumi.Input[str]
) -> list[kubernetes.core.v1.VolumeArgs]:
    """Queues outlive the container, such as one that ran out of memory, but not the pod.

    A directory of the node would outlive the pod too, at the price of a namespace without Pod Security; a volume of
    its own would tie the cluster-wide collector to one zone.
    """
    return [config_volume("config", config_map), scratch_volume("queues", queue_volume_mib(collector, settings))]


def _container(
    workload: Workload,
    args: list[str],
    env: list[kubernetes.core.v1.EnvVarArgs],
    named_ports: Mapping[str, int],
    limits: kubernetes.core.v1.ResourceRequirementsArgs,
) -> kubernetes.core.v1.ContainerArgs:
    return Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        args=args,
        env=env,
        ports=ports(named_ports),
        resources=limits,
        security_context=restricted_container(),
        startup_probe=http_probe("/", "health", period_seconds=5, failures=24),
        liveness_probe=http_probe("/", "health", period_seconds=30),
        readiness_probe=http_probe("/", "health"),
        volume_mounts=[mount("config", MOUNTED, read_only=True), mount("queues", QUEUES)],
    )


def _move_soon() -> list[kubernetes.core.v1.TolerationArgs]:
    return [
        Core.TolerationArgs(
            key=f"node.kubernetes.io/{state}",
            operator="Exists",
            effect="NoExecute",
            toleration_seconds=MOVE_AFTER_SECONDS,
        )
        for state in ("not-ready", "unreachable")
    ]
