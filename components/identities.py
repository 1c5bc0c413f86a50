"""Who the pods of an environment are to AWS, before any of them exists.

A pod that is admitted before its identity takes effect has no credentials for life. Amazon EKS lets an association work
some seconds after it was made; a node takes longer to boot, so nodes come after these. Leaves out what AWS does for
monitoring, whose roles come with it, and add-ons, which bring their own.
"""

from collections.abc import Mapping
from datetime import date

import pulumi

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.logs.identities import LogIdentities
from components.spark import history_manifests
from components.spark.policies import read_event_logs
from components.teams.identities import TeamIdentities
from components.teams.settings import TeamSettings

HISTORY_SERVER = "history-server"


class Identities(pulumi.ComponentResource):
    """Roles of log agents, of every team's service accounts, and of the History Server, which reads event logs.

    Args:
        name: logical name.
        teams: team name to its settings.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that associations wait for the cluster.
        bucket_names: purpose of a log bucket to its name.
        key_arn: ARN of the key that encrypts the buckets.
        event_logs_at_root_until: until when teams may write event logs at the bucket's root, as of `event_log_policy`.

    Outputs:
        role_arns: workload to the ARN of the role that its pods receive.
    """

    role_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        teams: Mapping[str, TeamSettings],
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        bucket_names: Mapping[str, pulumi.Input[str]],
        key_arn: pulumi.Input[str],
        event_logs_at_root_until: date | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Identities", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = LogIdentities(
            "log-identities", account, cluster_name=cluster_name, bucket_names=bucket_names, key_arn=key_arn, opts=child
        )
        event_log_bucket = bucket_names["spark-events"]
        applications = TeamIdentities(
            "team-identities",
            teams,
            account,
            cluster_name=cluster_name,
            event_log_bucket=event_log_bucket,
            key_arn=key_arn,
            at_root_until=event_logs_at_root_until,
            opts=child,
        )
        history_server = PodIdentity(
            HISTORY_SERVER,
            account,
            cluster_name=cluster_name,
            namespace=history_manifests.NAMESPACE,
            service_account=history_manifests.NAME,
            policy=pulumi.Output.all(event_log_bucket, key_arn).apply(lambda each: read_event_logs(account, *each)),
            opts=child,
        )
        self.role_arns = {
            **logs.role_arns,
            **applications.role_arns,
            "spark-history-server": history_server.role_arn,
        }
        self.register_outputs({"role_arns": self.role_arns})
