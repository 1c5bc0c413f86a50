"""The live Spark UI inside the cluster: a front on one port of system nodes, and a proxy for each team behind it.

Leaves out the load balancer before it (`entrance.py`), and finished applications, which the History Server shows.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.images.table import NGINX
from components.spark_ui.driver_access import admit_proxy
from components.spark_ui.routes import (
    FILE,
    FRONT,
    FRONT_PORT,
    LOGIN_PORT,
    NAMESPACE,
    front_configuration,
    router_configuration,
)
from components.spark_ui.settings import LiveUiSettings
from components.spark_ui.team_proxy import login_container, nginx_container, proxy_spec, proxy_workload
from components.workloads.access import service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, any_pod, bound_namespace
from components.workloads.services import disruption_budget, service
from components.workloads.workload import Workload, object_name

# Of the range that Kubernetes gives to such ports, 30000 to 32767.
NODE_PORT = 30440


class LiveUi(pulumi.ComponentResource):
    """Proxies that show each team the pages of its running drivers, and no other team's.

    Args:
        name: logical name.
        settings: host name, login, and the group of each team.
        vpc_cidr: primary range of the VPC, in which the load balancer has its addresses.
        namespaces: namespace of each team that has a page, as an output of it; drivers there admit the team's proxy.

    Outputs:
        namespace: the namespace's name.

    Source: Kubernetes documentation, "Preserving the client source IP"; Pod Security Standards.
    """

    namespace: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LiveUiSettings,
        *,
        vpc_cidr: IPv4Network,
        namespaces: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LiveUi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        space = namespace(NAMESPACE, "restricted", opts=child)
        self.namespace = object_name(space.metadata)
        bound_namespace(name, self.namespace, opts=child)
        teams = sorted(settings.groups)
        services = [self._make_team(name, settings, team, namespaces[team]) for team in teams]
        self._make_front(name, settings, vpc_cidr, services)
        self.register_outputs({"namespace": self.namespace})

    def _make_team(
        self, name: str, settings: LiveUiSettings, team: str, team_namespace: pulumi.Input[str]
    ) -> kubernetes.core.v1.Service:
        child = pulumi.ResourceOptions(parent=self)
        workload = proxy_workload(team, self.namespace)
        files = config_files(f"{name}-{team}-files", workload, (), made={FILE: router_configuration(team)}, opts=child)
        containers = [login_container(settings, team, settings.groups[team]), nginx_container({}, None)]
        self._deploy(f"{name}-{team}", workload, proxy_spec(workload, containers, files))
        admit_proxy(f"{name}-{team}", team_namespace, workload, opts=child)
        return service(f"{name}-{team}", workload, {"http": LOGIN_PORT}, opts=child)

    def _make_front(
        self,
        name: str,
        settings: LiveUiSettings,
        vpc_cidr: IPv4Network,
        services: list[kubernetes.core.v1.Service],
    ) -> None:
        child = pulumi.ResourceOptions(parent=self)
        workload = Workload(FRONT, "spark-ui-front", self.namespace, NGINX)
        made = {FILE: front_configuration(settings.groups)}
        files = config_files(f"{name}-front-files", workload, (), made=made, opts=child)
        spec = proxy_spec(workload, [nginx_container({"http": FRONT_PORT}, FRONT_PORT)], files)
        # It asks for the addresses of teams' services when it starts, and ends where one is missing.
        self._deploy(f"{name}-front", workload, spec, after=services)
        # With the policy Local its pods see the load balancer's own addresses.
        allow_from(f"{name}-front", workload, any_pod([vpc_cidr]), [FRONT_PORT], purpose="entrance", opts=child)
        kubernetes.core.v1.Service(
            f"{name}-front",
            metadata=workload.metadata(),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                type="NodePort",
                selector=workload.selector,
                external_traffic_policy="Local",
                internal_traffic_policy="Cluster",
                session_affinity="None",
                ports=[
                    kubernetes.core.v1.ServicePortArgs(
                        name="http", port=FRONT_PORT, target_port="http", node_port=NODE_PORT
                    )
                ],
            ),
            opts=child,
        )

    def _deploy(
        self,
        name: str,
        workload: Workload,
        spec: kubernetes.apps.v1.DeploymentSpecArgs,
        *,
        after: list[kubernetes.core.v1.Service] | None = None,
    ) -> None:
        child = pulumi.ResourceOptions(parent=self)
        user = service_account(name, workload, opts=child)
        metadata = workload.metadata()
        # Logins wait for a Secret that people make in the namespace once it is there, which is after the first `up`.
        metadata.annotations = {"pulumi.com/skipAwait": "true"}
        kubernetes.apps.v1.Deployment(
            name,
            metadata=metadata,
            spec=spec,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user, *(after or [])]),
        )
        disruption_budget(name, workload, opts=child)
