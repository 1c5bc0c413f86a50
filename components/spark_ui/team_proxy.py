"""A team's proxy: the company's login for the team's group, and behind it a router to the team's drivers.

Each team has a proxy of its own, and its drivers admit no other. One proxy for all would follow whatever Service an
application makes, also one that points at another team's driver, after it has checked the wrong group.

Source: oauth2-proxy documentation, "Configuration", "OpenID Connect Provider".
"""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.images.table import NGINX, OAUTH2_PROXY
from components.spark_ui.routes import HEALTH, LOGIN_PORT, ROUTER_PORT, proxy_name
from components.spark_ui.settings import LiveUiSettings
from components.teams.names import namespace_of
from components.workloads.config_files import config_volume
from components.workloads.containers import http_probe, mount, ports, resources
from components.workloads.deployment import serving_spec
from components.workloads.security import restricted_container
from components.workloads.volumes import scratch_volume
from components.workloads.workload import Workload

Core = kubernetes.core.v1

# User of nginx's image; oauth2-proxy is one file that any user may run.
NGINX_USER = 101
REPLICAS = 2
CONFIGURATION = "/etc/nginx"


def proxy_workload(team: str, namespace: pulumi.Input[str]) -> Workload:
    """Identity of a team's proxy."""
    return Workload(proxy_name(team), "spark-ui-login", namespace, OAUTH2_PROXY)


def login_arguments(settings: LiveUiSettings, team: str, group: str) -> list[str]:
    """Command line of oauth2-proxy. The session is one of the team's path alone, and tells the driver nothing.

    Args:
        settings: host name and login.
        team: the team's name.
        group: who is admitted.
    """
    path = f"/{namespace_of(team)}"
    return [
        "--provider=oidc",
        f"--oidc-issuer-url={settings.issuer_url}",
        f"--client-id={settings.client_id}",
        "--code-challenge-method=S256",
        f"--redirect-url=https://{settings.host}{path}/oauth2/callback",
        f"--proxy-prefix={path}/oauth2",
        f"--oidc-groups-claim={settings.groups_claim}",
        f"--allowed-group={group}",
        # The group decides.
        "--email-domain=*",
        "--skip-provider-button=true",
        f"--cookie-name=__Secure-{proxy_name(team)}",
        f"--cookie-path={path}/",
        "--cookie-secure=true",
        "--cookie-samesite=lax",
        "--cookie-expire=12h",
        "--session-cookie-minimal=true",
        # Both add who the person is; the second is on by itself.
        "--pass-user-headers=false",
        "--pass-basic-auth=false",
        f"--http-address=0.0.0.0:{LOGIN_PORT}",
        f"--upstream=http://127.0.0.1:{ROUTER_PORT}/",
        "--silence-ping-logging=true",
    ]


def nginx_container(named_ports: dict[str, int], probe_port: int | None) -> kubernetes.core.v1.ContainerArgs:
    """An nginx with the configuration that is mounted.

    Args:
        named_ports: name to port.
        probe_port: where it says that it is well; None where only its own pod reaches it.
    """
    probe = (
        http_probe(HEALTH, probe_port)
        if probe_port
        else Core.ProbeArgs(
            exec_=Core.ExecActionArgs(command=["curl", "-sf", f"http://127.0.0.1:{ROUTER_PORT}{HEALTH}"]),
            period_seconds=10,
            failure_threshold=3,
            timeout_seconds=5,
        )
    )
    return Core.ContainerArgs(
        name="nginx",
        image=NGINX.reference,
        args=["nginx", "-c", f"{CONFIGURATION}/nginx.conf", "-g", "daemon off;"],
        ports=ports(named_ports) or None,
        resources=resources(cpu="20m", memory_mib=64),
        security_context=restricted_container(),
        liveness_probe=probe,
        readiness_probe=probe,
        volume_mounts=[mount("configuration", CONFIGURATION, read_only=True), mount("scratch", "/tmp")],
    )


def login_container(settings: LiveUiSettings, team: str, group: str) -> kubernetes.core.v1.ContainerArgs:
    """oauth2-proxy; while the Secret is missing it says so and ends, and is started again."""
    return Core.ContainerArgs(
        name="login",
        image=OAUTH2_PROXY.reference,
        args=login_arguments(settings, team, group),
        env=[
            Core.EnvVarArgs(
                name=f"OAUTH2_PROXY_{key.replace('-', '_').upper()}",
                value_from=Core.EnvVarSourceArgs(
                    secret_key_ref=Core.SecretKeySelectorArgs(name=settings.secret, key=key, optional=True)
                ),
            )
            for key in ("client-secret", "cookie-secret")
        ],
        ports=ports({"http": LOGIN_PORT}),
        resources=resources(cpu="20m", memory_mib=64),
        security_context=restricted_container(),
        liveness_probe=http_probe("/ping", "http"),
        readiness_probe=http_probe("/ready", "http"),
    )


def proxy_spec(
    workload: Workload, containers: Sequence[kubernetes.core.v1.ContainerArgs], configuration: pulumi.Input[str]
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """Two replicas with a configuration of nginx.

    Args:
        workload: whose pods they are.
        containers: of each pod.
        configuration: name of the ConfigMap with nginx's file.
    """
    return serving_spec(
        workload,
        replicas=REPLICAS,
        # Both images run as any user; their files are readable to all.
        user_id=NGINX_USER,
        containers=containers,
        volumes=[config_volume("configuration", configuration), scratch_volume("scratch", 64)],
    )
