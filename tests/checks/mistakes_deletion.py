"""Wrong destroy orders: what is deleted too early, and a resource that is still in its way."""

from dataclasses import dataclass

from offline.checks.deletion.refusals import reasons_against
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource


@dataclass(frozen=True)
class PlantedDeletion:
    """One deletion that comes too early.

    Args:
        deleted: type token and logical name of what is deleted.
        user: logical name of a resource that uses it, and that the refusal must name.
    """

    deleted: tuple[str, str]
    user: str

    def __str__(self) -> str:
        return f"deletion: {self.deleted[1]} before {self.user}"

    def assert_refused(self, standing: tuple[Resource, ...]) -> None:
        """Refused while the user stands, and not once it is gone with all others."""
        resource = find(standing, *self.deleted)
        reasons = list(reasons_against(resource, Inventory(standing)))
        assert [each for each in reasons if f" {self.user} " in each], reasons
        alone = Inventory(each for each in standing if each is resource)
        assert list(reasons_against(resource, alone)) == []


def find(standing: tuple[Resource, ...], kind: str, name: str) -> Resource:
    return next(each for each in standing if (each.type, each.name) == (kind, name))


CLUSTER = ("aws:eks/cluster:Cluster", "cluster-eksCluster")
VPC = ("aws:ec2/vpc:Vpc", "network-vpc")
TARGETS = ("aws:lb/targetGroup:TargetGroup", "live-ui-entrance")
# What is deleted too early, and a resource that is still in its way.
_ROWS = [
    (VPC, "network-public-us-east-1a"),
    (VPC, "network-internet"),
    (VPC, "network-s3"),
    (("aws:ec2/subnet:Subnet", "network-public-us-east-1a"), "network-nat-us-east-1a"),
    (("aws:ec2/subnet:Subnet", "network-control-plane-us-east-1a"), "cluster-eksCluster"),
    (("aws:ec2/subnet:Subnet", "network-nodes-us-east-1a"), "system-nodes"),
    (("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "network-nodes-us-east-1a"),
     "network-nodes-us-east-1a"),
    (("aws:ec2/securityGroup:SecurityGroup", "network-endpoints"), "network-kms"),
    (("aws:ec2/securityGroup:SecurityGroup", "cluster-control-plane"), "cluster-eksCluster"),
    (("aws:ec2/securityGroup:SecurityGroup", "cluster-control-plane"), "cluster-nodes-from-control-plane-443"),
    (("aws:ec2/securityGroup:SecurityGroup", "cluster-nodes"), "system-nodes"),
    (("aws:ec2/eip:Eip", "network-nat-us-east-1a"), "network-nat-us-east-1a"),
    (("aws:ec2/internetGateway:InternetGateway", "network-internet"), "network-nat-us-east-1a"),
    (("aws:ec2/launchTemplate:LaunchTemplate", "system-nodes"), "system-nodes"),
    (CLUSTER, "system-nodes"),
    (("aws:ec2/subnet:Subnet", "network-control-plane-us-east-1b"), "live-ui-entrance"),
    (("aws:ec2/securityGroup:SecurityGroup", "live-ui-entrance"), "live-ui-entrance"),
    (("aws:ec2/securityGroup:SecurityGroup", "live-ui-entrance"), "live-ui-entrance-on-nodes"),
    (TARGETS, "live-ui-entrance"),
    (TARGETS, "live-ui-entrance-system"),
    (("aws:iam/role:Role", "nodes-node"), "nodes-join"),
    (("aws:iam/role:Role", "nodes-node"), "nodes-AmazonEKSWorkerNodeMinimalPolicy"),
    (("aws:iam/role:Role", "nodes-node"), "system-nodes"),
    (("aws:kms/key:Key", "cluster-key"), "cluster-control-plane"),
    (("aws:kms/key:Key", "cluster-key"), "cluster-eksCluster"),
    (("aws:kms/key:Key", "log-buckets"), "spark-logs"),
    (("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs"), "network-flow-logs"),
    (("aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane"), "cluster-eksCluster"),
]  # fmt: skip

DELETION_MISTAKES = [PlantedDeletion(*row) for row in _ROWS]
