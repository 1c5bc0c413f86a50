"""Whether AWS would delete a resource now.

Source: the DeleteVpc, DeleteSubnet, DeleteSecurityGroup, DetachInternetGateway, DisassociateVpcCidrBlock,
DeleteCluster, DeleteRole, DeletePolicy and DeleteBucket pages of the API references. What concerns buckets stands in
`buckets.py`.
"""

from collections.abc import Callable, Iterator
from ipaddress import ip_network

from offline.checks.deletion.buckets import a_bucket_with_objects, a_part_of_a_bucket
from offline.checks.deletion.uses import users_of
from offline.checks.finding import Finding
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Check, Failure, Resource
from offline.providers.values import plain

JUDGE = "deletion"
_CLUSTER = "aws:eks/cluster:Cluster"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_NAT = "aws:ec2/natGateway:NatGateway"
_SUBNET = "aws:ec2/subnet:Subnet"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_VOLUME_DRIVER = "aws-ebs-csi-driver"

Reasons = Iterator[str]
Refusal = Callable[[Resource, Inventory], Reasons]


def deletion_check(inventory: Inventory) -> Check:
    """The check that the provider asks before it deletes a resource.

    Args:
        inventory: what exists, the resource itself included.
    """

    def check(resource: Resource) -> list[Failure]:
        return [Failure("", str(_finding(resource, reason))) for reason in reasons_against(resource, inventory)]

    return check


def reasons_against(resource: Resource, inventory: Inventory) -> Reasons:
    """Why AWS would not delete a resource now, each naming what is in the way."""
    for user, consequence in users_of(resource, inventory.others(resource)):
        yield f"cannot be deleted while {user.type} {user.name} uses it: {consequence}"
    for refusal in (*REFUSALS.get(resource.type, ()), a_part_of_a_bucket):
        yield from refusal(resource, inventory)


def a_protected_cluster(cluster: Resource, _: Inventory) -> Reasons:
    """Deletion protection is lifted by an update first."""
    if cluster.inputs.get("deletionProtection") is True:
        yield "cannot be deleted while its deletionProtection is true: Amazon EKS answers InvalidRequestException"


def a_gateway_of_mapped_addresses(gateway: Resource, inventory: Inventory) -> Reasons:
    """A NAT gateway's public address goes through the VPC's internet gateway."""
    others = inventory.others(gateway)
    vpc = plain(gateway.inputs.get("vpcId"))
    subnets = {each.identifier for each in others if each.type == _SUBNET and plain(each.inputs.get("vpcId")) == vpc}
    for each in others:
        if each.type == _NAT and plain(each.inputs.get("subnetId")) in subnets:
            because = "Amazon EC2 answers DependencyViolation: the network has some mapped public addresses"
            yield f"cannot be detached while {each.type} {each.name} has a public address in its VPC: {because}"


def a_block_with_subnets(block: Resource, inventory: Inventory) -> Reasons:
    """A VPC gives up a block when no subnet is left in it."""
    vpc, range_ = plain(block.inputs.get("vpcId")), ip_network(plain(block.inputs.get("cidrBlock")))
    for each in inventory.others(block):
        if each.type != _SUBNET or plain(each.inputs.get("vpcId")) != vpc:
            continue
        if ip_network(plain(each.inputs.get("cidrBlock"))).overlaps(range_):
            because = "Amazon EC2 answers InvalidCidrBlock.InUse"
            yield f"cannot be disassociated while {each.type} {each.name} lies in it: {because}"


def a_group_of_running_nodes(group: Resource, inventory: Inventory) -> Reasons:
    """Nodes carry the groups of their launch template."""
    others = inventory.others(group)
    templates = {
        each.identifier
        for each in others
        if each.type == _TEMPLATE and group.identifier in (plain(each.inputs.get("vpcSecurityGroupIds")) or [])
    }
    for each in others:
        if each.type == _NODE_GROUP and (plain(each.inputs.get("launchTemplate")) or {}).get("id") in templates:
            because = "Amazon EC2 answers DependencyViolation"
            yield f"cannot be deleted while nodes of {each.type} {each.name} carry it: {because}"


def a_driver_of_volumes(addon: Resource, inventory: Inventory) -> Reasons:
    """Without the driver a released volume is never deleted, and its bill goes on."""
    if plain(addon.inputs.get("addonName")) != _VOLUME_DRIVER:
        return
    for volume in inventory.volumes.standing:
        because = "AWS would delete it all the same, and the volume stays in the account"
        claim = "whose claim is gone" if volume.released else "of a claim"
        yield f"cannot be deleted before the volume {claim}, {volume}: {because}"


def a_log_group_of_a_cluster(log_group: Resource, inventory: Inventory) -> Reasons:
    """Amazon EKS makes its log group again, without retention and key, while the cluster logs."""
    for each in inventory.others(log_group):
        if each.type == _CLUSTER and log_group.identifier == f"/aws/eks/{each.identifier}/cluster":
            because = "AWS would delete it all the same, and Amazon EKS makes another, which stays for ever"
            yield f"cannot be deleted while {each.type} {each.name} writes to it: {because}"


REFUSALS: dict[str, tuple[Refusal, ...]] = {
    _CLUSTER: (a_protected_cluster,),
    "aws:cloudwatch/logGroup:LogGroup": (a_log_group_of_a_cluster,),
    "aws:ec2/internetGateway:InternetGateway": (a_gateway_of_mapped_addresses,),
    "aws:ec2/securityGroup:SecurityGroup": (a_group_of_running_nodes,),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": (a_block_with_subnets,),
    "aws:eks/addon:Addon": (a_driver_of_volumes,),
    "aws:s3/bucket:Bucket": (a_bucket_with_objects,),
}


def _finding(resource: Resource, reason: str) -> Finding:
    source = "API reference of the service, the page of the deletion"
    fix = "Delete what is in the way first: it must depend on this resource"
    if "deletionProtection" in reason:
        fix = "Set it to false and update the stack first"
    if "forceDestroy" in reason:
        fix = "Set force_destroy and update the stack first"
    if "its policy" in reason:
        fix = "Exempt the role that deploys from the denial, and update the stack first"
    if "part of bucket" in reason:
        fix = "Set deleted_with to the bucket: deleting it takes its parts along"
    if "volume" in reason:
        fix = "Let the claim name a VolumeAttributesClass that depends on the driver: Kubernetes keeps it for so long"
    return Finding.of(JUDGE, resource, "", None, rule=reason, source=source, fix=fix)
