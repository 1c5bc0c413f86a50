"""Who the log workloads are to AWS, before any of their pods exists.

Leaves out the workloads, which run on nodes that wait for this.
"""

from collections.abc import Mapping

import pulumi

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.logs import canary_manifests, manifests
from components.logs.canary_policies import read_canary
from components.logs.cluster_events import SHIPPER
from components.logs.policies import write_kubernetes_events, write_logs


class LogIdentities(pulumi.ComponentResource):
    """Roles of the log agents, of the shipper of Kubernetes events, and of the canary's checker.

    Args:
        name: logical name.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that associations wait for the cluster.
        bucket_names: purpose of a log bucket to its name.
        key_arn: ARN of the key that encrypts the buckets.

    Outputs:
        role_arns: fluent-bit and cluster-events to the ARN of the role that its pods receive.
    """

    role_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        bucket_names: Mapping[str, pulumi.Input[str]],
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogIdentities", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        spark, system, events = (bucket_names[each] for each in ("spark-logs", "system-logs", "spark-events"))
        agents = PodIdentity(
            "fluent-bit",
            account,
            cluster_name=cluster_name,
            namespace=manifests.NAMESPACE,
            service_account=manifests.AGENT.name,
            policy=pulumi.Output.all(spark, system, events, key_arn).apply(lambda wires: write_logs(account, *wires)),
            opts=child,
        )
        shipper = PodIdentity(
            "cluster-events",
            account,
            cluster_name=cluster_name,
            namespace=manifests.NAMESPACE,
            service_account=SHIPPER.name,
            policy=pulumi.Output.all(system, key_arn).apply(lambda wires: write_kubernetes_events(account, *wires)),
            opts=child,
        )
        # The canary's writer has a service account of its own, which no role belongs to.
        PodIdentity(
            "log-canary",
            account,
            cluster_name=cluster_name,
            namespace=canary_manifests.NAMESPACE,
            service_account=canary_manifests.CHECKER.name,
            policy=pulumi.Output.all(system, key_arn).apply(
                lambda wires: read_canary(account, canary_manifests.WRITER.name, *wires)
            ),
            opts=child,
        )
        self.role_arns = {"fluent-bit": agents.role_arn, "cluster-events": shipper.role_arn}
        self.register_outputs({"role_arns": self.role_arns})
