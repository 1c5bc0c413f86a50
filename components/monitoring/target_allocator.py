"""The target allocator: makes targets for the collectors of ServiceMonitors and PodMonitors, which charts bring along.

Leaves out Probes and ScrapeConfigs, monitors that need credentials out of Secrets, and the CustomResourceDefinitions:
the prometheus-operator-crds chart has them, and the allocator looks for them when it starts.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import ALLOCATOR_PORT, ALLOCATOR_USER, FILES, TARGET_ALLOCATOR
from components.workloads.access import grant_cluster_role, service_account
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.services import disruption_budget, service

Core = kubernetes.core.v1
Rbac = kubernetes.rbac.v1

MOUNTED = "/conf"
READ = ["get", "list", "watch"]


class TargetAllocator(pulumi.ComponentResource):
    """A Deployment whose replicas each work out the same assignment; collectors keep their last one while it is away.

    Args:
        name: logical name.
        settings: availability.
        namespace: the namespace, as an output of it.

    Source: opentelemetry-operator 0.160, cmd/otel-allocator: README and internal/config.
    """

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        namespace: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:TargetAllocator", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = TARGET_ALLOCATOR.placed_in(namespace)
        rights = [
            service_account(name, workload, opts=child),
            grant_cluster_role(name, workload, discovery_rules(), opts=child),
        ]
        files = config_files(f"{name}-files", workload, (FILES / "target-allocator.yaml",), opts=child)
        kubernetes.apps.v1.Deployment(
            name,
            metadata=workload.metadata(),
            spec=deployment_spec(settings, files),
            opts=pulumi.ResourceOptions(parent=self, depends_on=rights),
        )
        service(name, workload, {"http": ALLOCATOR_PORT}, opts=child)
        if settings.replicas > 1:
            disruption_budget(name, workload, opts=child)
        self.register_outputs({})


def discovery_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Read monitors and what they select; it starts a watch of each kind of the group that exists, wanted or not."""
    return [
        Rbac.PolicyRuleArgs(
            api_groups=["monitoring.coreos.com"],
            resources=["servicemonitors", "podmonitors", "probes", "scrapeconfigs"],
            verbs=READ,
        ),
        Rbac.PolicyRuleArgs(api_groups=[""], resources=["namespaces", "nodes", "pods", "services"], verbs=READ),
        Rbac.PolicyRuleArgs(api_groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=READ),
    ]


def container() -> kubernetes.core.v1.ContainerArgs:
    """The only container; an outside report had it at 88 MiB with 27 targets, so the limit is a guess for thousands."""
    return Core.ContainerArgs(
        name=TARGET_ALLOCATOR.name,
        image=TARGET_ALLOCATOR.image.reference,
        args=[f"--config-file={MOUNTED}/target-allocator.yaml"],
        env=variables({}, {"OTELCOL_NAMESPACE": "metadata.namespace"}),
        ports=ports({"http": ALLOCATOR_PORT}),
        resources=resources(cpu="100m", memory_mib=256, memory_limit_mib=1024),
        security_context=restricted_container(),
        startup_probe=http_probe("/livez", "http", period_seconds=5, failures=24),
        liveness_probe=http_probe("/livez", "http", period_seconds=30),
        readiness_probe=http_probe("/readyz", "http"),
        volume_mounts=[mount("config", MOUNTED, read_only=True)],
    )


def deployment_spec(
    settings: MonitoringSettings, config_map: pulumi.Input[str]
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """Replicas in different zones, where there are several."""
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=settings.replicas,
        selector=TARGET_ALLOCATOR.label_selector(),
        template=Core.PodTemplateSpecArgs(
            metadata=TARGET_ALLOCATOR.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=TARGET_ALLOCATOR.name,
                automount_service_account_token=True,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(TARGET_ALLOCATOR.selector),
                security_context=restricted_pod(ALLOCATOR_USER),
                containers=[container()],
                volumes=[config_volume("config", config_map)],
            ),
        ),
    )
