"""The roles that people take to read logs."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.catalog.policies import query_as_team, read_through_athena
from components.catalog.table import Table
from components.catalog.tables import TABLES
from components.identity.policies import Document
from components.logs.reader_policies import (
    keep_to_applications,
    keep_to_team,
    of_applications,
    read_objects,
    read_team_objects,
    reader_trust,
)
from components.logs.reader_settings import LogReadersSettings

# People read logs for an afternoon; pods and pipelines have identities of their own.
SESSION_SECONDS = 4 * 3600


class LogReaders(pulumi.ComponentResource):
    """A role that reads every log, one that reads what belongs to applications, and one a team that reads its own.

    A role is there where anybody may take it. Nobody outside the account can be listed, so that no environment's logs
    are read from another one.

    Args:
        name: logical name.
        settings: who may take which role.
        account: the environment's account, which names the roles.
        teams: name of a team to ARNs of the roles that may take its role.
        bucket_names: purpose of a log bucket to its name.
        key_arn: ARN of the key that encrypts the buckets.
        results_key_arn: ARN of the key that encrypts the results of queries.

    Outputs:
        role_arns: platform, spark and each team to the ARN of the role, without those that nobody may take.

    Source: Amazon S3 user guide, "Identity and access management for Amazon S3".
    """

    role_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        settings: LogReadersSettings,
        account: Account,
        *,
        teams: Mapping[str, Sequence[str]],
        bucket_names: Mapping[str, pulumi.Input[str]],
        key_arn: pulumi.Input[str],
        results_key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogReaders", name, None, opts)
        self._name = name
        self._account = account
        wires = pulumi.Output.all(
            bucket_names["spark-logs"], bucket_names["spark-events"], bucket_names["system-logs"], key_arn
        )

        def queries(tables: Sequence[Table]) -> pulumi.Output[Document]:
            return pulumi.Output.all(wires, results_key_arn).apply(
                lambda each: read_through_athena(
                    account,
                    spark_bucket=each[0][0],
                    system_bucket=each[0][2],
                    key_arn=each[0][3],
                    results_key_arn=each[1],
                    tables=tables,
                )
            )

        self.role_arns = {}
        if settings.platform:
            self.role_arns["platform"] = self._role(
                "platform",
                settings.platform,
                {
                    "objects": wires.apply(lambda each: read_objects(account, each[:3], each[3])),
                    "queries": queries(TABLES),
                },
            )
        if settings.spark:
            self.role_arns["spark"] = self._role(
                "spark",
                settings.spark,
                {
                    "objects": wires.apply(lambda each: read_objects(account, each[:2], each[3])),
                    "queries": queries(of_applications(TABLES)),
                    "limits": wires.apply(lambda each: keep_to_applications(account, *each[:3])),
                },
            )
        for team, owners in teams.items():
            if owners:
                self.role_arns[team] = self._team_role(team, owners, wires, results_key_arn)
        self.register_outputs({"role_arns": self.role_arns})

    def _team_role(
        self,
        team: str,
        owners: Sequence[str],
        wires: pulumi.Output[list[str]],
        results_key_arn: pulumi.Input[str],
    ) -> pulumi.Output[str]:
        account = self._account
        return self._role(
            team,
            owners,
            {
                "objects": wires.apply(lambda each: read_team_objects(account, team, each[0], each[1], each[3])),
                "queries": pulumi.Output.from_input(results_key_arn).apply(
                    lambda arn: query_as_team(account, team, arn)
                ),
                "limits": wires.apply(lambda each: keep_to_team(account, team, each[0], each[1])),
            },
        )

    def _role(
        self, kind: str, readers: Sequence[str], policies: Mapping[str, pulumi.Output[Document]]
    ) -> pulumi.Output[str]:
        role = aws.iam.Role(
            f"{self._name}-{kind}",
            # People type it.
            name=f"moka-{self._account.environment}-{kind}-log-reader",
            description=f"People who read {kind} logs",
            assume_role_policy=json.dumps(reader_trust(readers)),
            max_session_duration=SESSION_SECONDS,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for what, policy in policies.items():
            aws.iam.RolePolicy(
                f"{self._name}-{kind}-{what}",
                role=role.name,
                policy=policy.apply(json.dumps),
                opts=pulumi.ResourceOptions(parent=self),
            )
        return role.arn
