"""Grafana with data sources and dashboards out of the repository.

Leaves out single sign-on and a public address: people reach it by port forwarding, with their Kubernetes rights.
Its administrator's password is made inside the cluster and nowhere else. To read it:

    kubectl --namespace monitoring exec grafana-0-0 --container grafana -- cat /var/lib/grafana/admin-password
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.monitoring.workloads import DASHBOARDS, FILES, GRAFANA_PORT, GRAFANA_USER, NAMESPACE
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.security import restricted_container
from components.workloads.stateful_service import DATA_VOLUME, StatefulService, make_stateful_service
from components.workloads.volumes import scratch_volume

Core = kubernetes.core.v1

DIRECTORY = FILES / "grafana"
DASHBOARD_FILES = tuple(sorted((DIRECTORY / "dashboards").glob("*.json")))
DATA = "/var/lib/grafana"
PASSWORD_FILE = f"{DATA}/admin-password"
PROVISIONING = "/etc/grafana/provisioning"
PROVISIONED_FILES = {
    "datasources.yaml": "datasources/datasources.yaml",
    "dashboards.yaml": "dashboards/dashboards.yaml",
}
PORTS = {"http": GRAFANA_PORT}
VOLUME_GIB = 10

# Grafana documentation, "Configure Grafana": GF_<section>_<key>, and __FILE for a value that a file holds.
VARIABLES = {
    "GF_SECURITY_ADMIN_PASSWORD__FILE": PASSWORD_FILE,
    "GF_AUTH_ANONYMOUS_ENABLED": "false",
    "GF_USERS_ALLOW_SIGN_UP": "false",
    "GF_SECURITY_DISABLE_GRAVATAR": "true",
    "GF_ANALYTICS_REPORTING_ENABLED": "false",
    "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
    "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
    # A start must not depend on a download.
    "GF_PLUGINS_PREINSTALL_DISABLED": "true",
    "GF_LOG_MODE": "console",
}


class Grafana(pulumi.ComponentResource):
    """One replica: Grafana keeps users and sessions in SQLite on its volume, which two cannot share.

    Args:
        name: logical name.
        namespace: the namespace, as an output of it.
        protect: refuse to delete the volume.

    Outputs:
        login_command: makes Grafana answer on http://localhost:3000.
        password_command: prints the administrator's password.

    Source: Grafana documentation, "Configure Grafana", "Provision Grafana".
    """

    login_command: pulumi.Output[str]
    password_command: pulumi.Output[str]

    def __init__(
        self, name: str, *, namespace: pulumi.Input[str], protect: bool, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("moka:index:Grafana", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = DASHBOARDS.placed_in(namespace)
        sources = [DIRECTORY / file for file in ("datasources.yaml", "dashboards.yaml", "admin-password.sh")]
        files = config_files(f"{name}-files", workload, sources, opts=child)
        dashboards = config_files(f"{name}-dashboards", workload, DASHBOARD_FILES, opts=child)
        make_stateful_service(
            name,
            StatefulService(
                workload,
                replicas=1,
                volume_gib=VOLUME_GIB,
                user_id=GRAFANA_USER,
                init_containers=[password_container()],
                containers=[container()],
                volumes=[
                    config_volume("files", files),
                    config_volume("provisioning", files, PROVISIONED_FILES),
                    config_volume("dashboards", dashboards),
                    scratch_volume("scratch"),
                ],
                ports=PORTS,
            ),
            protect=protect,
            opts=child,
        )
        kubectl = f"kubectl --namespace {NAMESPACE}"
        self.login_command = pulumi.Output.from_input(
            f"{kubectl} port-forward service/{DASHBOARDS.name} {GRAFANA_PORT}:{GRAFANA_PORT}"
        )
        self.password_command = pulumi.Output.from_input(
            f"{kubectl} exec {DASHBOARDS.name}-0-0 --container {DASHBOARDS.name} -- cat {PASSWORD_FILE}"
        )
        self.register_outputs({"login_command": self.login_command, "password_command": self.password_command})


def password_container() -> kubernetes.core.v1.ContainerArgs:
    """Makes up the administrator's password before the first start; later ones find it and do nothing."""
    return Core.ContainerArgs(
        name="admin-password",
        image=DASHBOARDS.image.reference,
        command=["sh", "/files/admin-password.sh"],
        resources=resources(cpu="10m", memory_mib=32, memory_limit_mib=64),
        security_context=restricted_container(),
        volume_mounts=[mount("files", "/files", read_only=True), mount(DATA_VOLUME, DATA)],
    )


def container() -> kubernetes.core.v1.ContainerArgs:
    """Grafana itself.

    Liveness asks whether the server answers, readiness whether it reads its database too: a restart mends no database.

    Source: grafana/grafana, pkg/api/http_server.go: healthzHandler, apiHealthHandler.
    """
    return Core.ContainerArgs(
        name=DASHBOARDS.name,
        image=DASHBOARDS.image.reference,
        env=variables(VARIABLES),
        ports=ports(PORTS),
        resources=resources(cpu="100m", memory_mib=256, memory_limit_mib=1024),
        security_context=restricted_container(),
        startup_probe=http_probe("/api/health", "http", period_seconds=5, failures=60),
        liveness_probe=http_probe("/healthz", "http", period_seconds=30),
        readiness_probe=http_probe("/api/health", "http"),
        volume_mounts=[
            mount("provisioning", PROVISIONING, read_only=True),
            mount("dashboards", "/etc/grafana/dashboards", read_only=True),
            mount(DATA_VOLUME, DATA),
            mount("scratch", "/tmp"),
        ],
    )
