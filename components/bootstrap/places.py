"""Where an environment's resources are, as patterns of ARNs that policies name.

Names that the program chooses are named as far as they are its own; what AWS numbers, or Pulumi names, is bounded by
account and Region, which hold one environment and no other.
"""

from dataclasses import dataclass

from components.account import Account
from components.bootstrap.names import own_prefix, role_arn


@dataclass(frozen=True)
class Places:
    """Patterns of an environment's ARNs.

    Args:
        account: the environment's account.
    """

    account: Account

    def everything_of(self, service: str, *kinds: str) -> list[str]:
        """All resources of some kinds of a service, such as `everything_of("ec2", "vpc/")`."""
        return [self.account.arn(service, f"{kind}*") for kind in kinds]

    @property
    def roles(self) -> str:
        """Roles that the program makes."""
        return role_arn(f"{own_prefix(self.account)}*", self.account)

    @property
    def instance_profiles(self) -> str:
        """Instance profiles that the program makes."""
        return f"arn:{self.account.partition}:iam::{self.account.id}:instance-profile/{own_prefix(self.account)}*"

    def linked_role(self, service: str) -> str:
        """The role that a service makes for itself, by the service's principal."""
        return role_arn(f"aws-service-role/{service}/*", self.account)

    @property
    def buckets(self) -> str:
        """Buckets that the program makes."""
        return self.account.bucket_arn(f"{own_prefix(self.account)}*")

    @property
    def directory_marks(self) -> str:
        """The only objects that the program itself puts: one at the root of each team's event logs."""
        bucket = f"{own_prefix(self.account)}spark-events-{self.account.id}-{self.account.region}"
        return self.account.bucket_arn(f"{bucket}/teams/*/.directory")

    @property
    def log_groups(self) -> list[str]:
        """Log groups that the program makes, which are named after environment and cluster."""
        account = self.account
        names = (
            f"/aws/eks/{account.cluster_name}/*",
            f"/aws/events/{account.cluster_name}-*",
            f"/aws/vendedlogs/prometheus/{account.cluster_name}*",
            f"/moka/{account.environment}/*",
        )
        return [account.arn("logs", f"log-group:{each}") for each in names]

    @property
    def control_plane_log_group(self) -> list[str]:
        """The log group whose lines are counted."""
        return [self.account.arn("logs", f"log-group:/aws/eks/{self.account.cluster_name}/cluster")]

    def of_cluster(self, *kinds: str) -> list[str]:
        """The cluster, and some kinds of what belongs to it, such as addon."""
        name = self.account.cluster_name
        return [self.account.cluster_arn, *(self.account.arn("eks", f"{kind}/{name}/*") for kind in kinds)]

    @property
    def catalog(self) -> list[str]:
        """The database of log tables and what is in it, by the ARNs that AWS Glue asks for."""
        database = f"{self.account.cluster_name.replace('-', '_')}_logs"
        return [self.account.arn("glue", each) for each in ("catalog", f"database/{database}", f"table/{database}/*")]

    @property
    def workgroups(self) -> list[str]:
        """Workgroups of Amazon Athena that the program makes."""
        return [self.account.arn("athena", f"workgroup/{own_prefix(self.account)}*")]

    @property
    def trail(self) -> list[str]:
        """The environment's own trail."""
        return [self.account.arn("cloudtrail", f"trail/{self.account.cluster_name}")]
