"""The log agent of every node: Fluent Bit, what it may read in the cluster and where it may write in AWS.

Leaves out the buckets themselves and Kubernetes events, which one pod a cluster reads (`cluster_events.py`).
"""

from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.logs.manifests import AGENT, METRICS_PORT, NAMESPACE, daemon_set_spec, environment, kubelet_rules
from components.logs.policies import write_logs
from components.logs.settings import LogsSettings
from components.workloads.access import grant_cluster_role, service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, own_namespace_only, scrapers
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
        cluster_name: name of the cluster, as an output of it so that the identity waits for the cluster.
        spark_bucket: name of the bucket of Spark application logs.
        system_bucket: name of the bucket of system pod logs.
        event_log_bucket: name of the bucket of Spark event logs.
        key_arn: ARN of the key that encrypts the three buckets.

    Outputs:
        namespace: the agents' namespace.
        role_arn: ARN of the role that writes, for bucket policies that name it.

    Source: Fluent Bit manual, "Amazon S3" output, "Tail" and "Systemd" inputs, "Kubernetes", "Lua" and "Rewrite Tag"
    as processors.
    """

    namespace: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogsSettings,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        spark_bucket: pulumi.Input[str],
        system_bucket: pulumi.Input[str],
        event_log_bucket: pulumi.Input[str],
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:FluentBit", name, None, opts)
        # Pod Security "privileged", because the agent mounts the node's log directory, which "baseline" forbids.
        child = pulumi.ResourceOptions(parent=self)
        space = namespace(NAMESPACE, "privileged", opts=child)
        self.namespace = object_name(space.metadata)
        agent = AGENT.placed_in(self.namespace)

        own_namespace_only(f"{name}-ingress", self.namespace, opts=child)
        allow_from(f"{name}-agent", agent, scrapers(), [METRICS_PORT], opts=child)
        identity = PodIdentity(
            name,
            account,
            cluster_name=cluster_name,
            namespace=NAMESPACE,
            service_account=AGENT.name,
            policy=pulumi.Output.all(spark_bucket, system_bucket, event_log_bucket, key_arn).apply(
                lambda wires: write_logs(account, *wires)
            ),
            opts=child,
        )
        user = service_account(f"{name}-agent", agent, opts=child)
        grant = grant_cluster_role(f"{name}-agent", agent, kubelet_rules(), opts=child)
        config_map = config_files(f"{name}-files", agent, (FILES / file for file in AGENT_FILES), opts=child)
        values = environment(settings, account, spark_bucket, system_bucket, event_log_bucket)
        kubernetes.apps.v1.DaemonSet(
            f"{name}-agent",
            metadata=agent.metadata(),
            spec=daemon_set_spec(settings, values, config_map),
            # A pod gets credentials only if the association exists when it starts.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[identity, user, grant], custom_timeouts=PATIENT),
        )
        self.role_arn = identity.role_arn
        self.register_outputs({"namespace": self.namespace, "role_arn": self.role_arn})
