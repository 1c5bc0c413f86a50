"""Who the applications of all teams are to AWS, before any of their pods exists."""

from collections.abc import Mapping
from datetime import date

import pulumi

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.teams.names import identity_of, namespace_of
from components.teams.policies import application_policy
from components.teams.settings import DataSettings, TeamSettings


class TeamIdentities(pulumi.ComponentResource):
    """One role for each service account of each team, with its data and event logs.

    Args:
        name: logical name.
        teams: team name to its settings.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that associations wait for the cluster.
        event_log_bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.
        at_root_until: until when event logs may be written at the bucket's root, as of `event_log_policy`.

    Outputs:
        role_arns: `spark-<team>-<service account>` to the ARN of the role that its pods receive.
    """

    role_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        teams: Mapping[str, TeamSettings],
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        event_log_bucket: pulumi.Input[str],
        key_arn: pulumi.Input[str],
        at_root_until: date | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:TeamIdentities", name, None, opts)
        wires = pulumi.Output.all(event_log_bucket, key_arn)

        def identity(team: str, service_account: str, data: DataSettings) -> PodIdentity:
            return PodIdentity(
                identity_of(team, service_account),
                account,
                cluster_name=cluster_name,
                namespace=namespace_of(team),
                service_account=service_account,
                policy=wires.apply(
                    lambda each: application_policy(
                        account, data, *each, namespace=namespace_of(team), at_root_until=at_root_until
                    )
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.role_arns = {
            identity_of(team, each): identity(team, each, settings.data_of(each)).role_arn
            for team, settings in teams.items()
            for each in settings.service_accounts
        }
        self.register_outputs({"role_arns": self.role_arns})


def identities_of(teams: Mapping[str, TeamSettings]) -> tuple[str, ...]:
    """Logical names of the identities of all teams' service accounts."""
    return tuple(identity_of(team, each) for team, settings in teams.items() for each in settings.service_accounts)
