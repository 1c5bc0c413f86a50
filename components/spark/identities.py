"""Who Spark applications and the History Server are to AWS, before any of their pods exists.

Leaves out the data that applications read and write: that is granted to their own service accounts.
"""

import pulumi

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.spark import history_manifests, spark_jobs
from components.spark.policies import event_log_policy, read_event_logs


class SparkIdentities(pulumi.ComponentResource):
    """Roles of drivers and executors, which write event logs, and of the History Server, which reads them.

    Args:
        name: logical name.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that associations wait for the cluster.
        event_log_bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.

    Outputs:
        role_arns: spark and spark-history-server to the ARN of the role that its pods receive.
    """

    role_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        event_log_bucket: pulumi.Input[str],
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SparkIdentities", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        wires = pulumi.Output.all(event_log_bucket, key_arn)
        jobs = PodIdentity(
            "spark-jobs",
            account,
            cluster_name=cluster_name,
            namespace=spark_jobs.NAMESPACE,
            service_account=spark_jobs.SERVICE_ACCOUNT,
            policy=wires.apply(lambda each: event_log_policy(account, *each)),
            opts=child,
        )
        history_server = PodIdentity(
            "history-server",
            account,
            cluster_name=cluster_name,
            namespace=history_manifests.NAMESPACE,
            service_account=history_manifests.NAME,
            policy=wires.apply(lambda each: read_event_logs(account, *each)),
            opts=child,
        )
        self.role_arns = {"spark": jobs.role_arn, "spark-history-server": history_server.role_arn}
        self.register_outputs({"role_arns": self.role_arns})
