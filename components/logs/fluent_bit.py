"""The log agent of every node: Fluent Bit, and what it may read in the cluster.

Leaves out the buckets, what it may write there (`identities.py`), and Kubernetes events, which one pod a cluster reads
(`cluster_events.py`).
"""

from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.logs.manifests import AGENT, METRICS_PORT, NAMESPACE, daemon_set_spec, environment, kubelet_rules
from components.logs.settings import LogsSettings
from components.workloads.access import grant_cluster_role, service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, bound_namespace, scrapers
from components.workloads.rollout import PATIENT
from components.workloads.workload import object_name

FILES = Path(__file__).parent / "files"
AGENT_FILES = ("fluent-bit.yaml", "parsers-moka.conf", "lines.lua")


class FluentBit(pulumi.ComponentResource):
    """A DaemonSet that ships every node's logs to S3.

    Spark containers' lines go to one bucket; other containers' and node services' to a second; blocks of event logs
    that Spark has not uploaded yet to the event-log bucket, apart from the logs that Spark writes there itself.

    Args:
        name: logical name.
        settings: size and pace of the agent.
        account: the environment's account.
        spark_bucket: name of the bucket of Spark application logs.
        system_bucket: name of the bucket of system pod logs.
        event_log_bucket: name of the bucket of Spark event logs.

    Outputs:
        namespace: the agents' namespace.

    Source: Fluent Bit manual, "Amazon S3" output, "Tail" and "Systemd" inputs, "Kubernetes", "Lua" and "Rewrite Tag"
    as processors.
    """

    namespace: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogsSettings,
        account: Account,
        *,
        spark_bucket: pulumi.Input[str],
        system_bucket: pulumi.Input[str],
        event_log_bucket: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:FluentBit", name, None, opts)
        # Pod Security "privileged", because the agent mounts the node's log directory, which "baseline" forbids.
        child = pulumi.ResourceOptions(parent=self)
        space = namespace(NAMESPACE, "privileged", opts=child)
        self.namespace = object_name(space.metadata)
        agent = AGENT.placed_in(self.namespace)

        bound_namespace(name, self.namespace, opts=child)
        allow_from(f"{name}-agent", agent, scrapers(), [METRICS_PORT], opts=child)
        user = service_account(f"{name}-agent", agent, opts=child)
        grant = grant_cluster_role(f"{name}-agent", agent, kubelet_rules(), opts=child)
        config_map = config_files(f"{name}-files", agent, (FILES / file for file in AGENT_FILES), opts=child)
        values = environment(settings, account, spark_bucket, system_bucket, event_log_bucket)
        kubernetes.apps.v1.DaemonSet(
            f"{name}-agent",
            metadata=agent.metadata(),
            spec=daemon_set_spec(settings, values, config_map),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user, grant], custom_timeouts=PATIENT),
        )
        self.register_outputs({"namespace": self.namespace})
