"""The Spark History Server: finished and dead applications' pages, out of the event-log bucket.

Leaves out a public address and a login: people reach it by port forwarding, with their Kubernetes rights. Whoever may
open it sees every application's settings, plans and metrics in this environment.
"""

from collections.abc import Collection

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.spark.defaults import FILES
from components.spark.history_manifests import NAMESPACE, PORT, SERVER, deployment_spec, environment
from components.spark.settings import HistoryServerSettings
from components.workloads.access import service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import bound_namespace
from components.workloads.services import disruption_budget, service
from components.workloads.workload import object_name

CONFIG_FILES = (
    FILES / "history" / "spark-defaults.conf",
    FILES / "history" / "history-server.sh",
    FILES / "log4j2.properties",
)


class HistoryServer(pulumi.ComponentResource):
    """A Deployment that reads every team's directory of one bucket and writes nowhere but to its own scratch disk.

    Args:
        name: logical name.
        settings: size.
        account: the environment's account.
        event_log_bucket: name of the event-log bucket.
        teams: names of the environment's teams.

    Outputs:
        login_command: makes it answer on http://localhost:18080.

    Source: Apache Spark, "Monitoring and Instrumentation", Spark History Server configuration options.
    """

    login_command: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: HistoryServerSettings,
        account: Account,
        *,
        event_log_bucket: pulumi.Input[str],
        teams: Collection[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:HistoryServer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        space = namespace(NAMESPACE, "restricted", opts=child)
        workload = SERVER.placed_in(object_name(space.metadata))
        # Nobody in the cluster needs it; forwarded ports come from the pod's own node.
        bound_namespace(name, workload.namespace, opts=child)
        user = service_account(name, workload, opts=child)
        files = config_files(f"{name}-files", workload, CONFIG_FILES, opts=child)
        kubernetes.apps.v1.Deployment(
            name,
            metadata=workload.metadata(),
            spec=deployment_spec(settings, workload, environment(settings, account, event_log_bucket, teams), files),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user]),
        )
        service(name, workload, {"http": PORT}, affinity="ClientIP", opts=child)
        if settings.replicas > 1:
            disruption_budget(name, workload, opts=child)
        self.login_command = pulumi.Output.from_input(
            f"kubectl --namespace {NAMESPACE} port-forward service/{workload.name} {PORT}:{PORT}"
        )
        self.register_outputs({"login_command": self.login_command})
