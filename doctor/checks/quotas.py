"""Quotas of the account, against what the stack asks for and what others in the account use.

Codes and titles: Service Quotas, ListAWSDefaultServiceQuotas; those of Amazon VPC also in the console links of Amazon
VPC user guide, "Amazon VPC quotas", those of others in the AWS General Reference, "Service endpoints and quotas".
Leaves out quotas that a stack comes nowhere near: buckets, keys, repositories, log groups, network interfaces, alarms.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from components.cluster.usual_nodes import Capacity
from components.rules.addresses import most_nodes_in_a_roll
from doctor.check import Check
from doctor.finding import Finding, ok
from doctor.plan import NODE_GROUP, planned_id
from doctor.quota import CALLS as CALLS_OF_QUOTAS
from doctor.quota import Demand, Quota, judge
from doctor.storage import gp3_of_claims, gp3_of_groups, gp3_of_pools
from doctor.surroundings import HOME_REGION, Surroundings
from doctor.vcpus import QUOTAS, in_use, of_groups, of_pools

_SUBNET = "aws:ec2/subnet:Subnet"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ROLE = "aws:iam/role:Role"
# pulumi-eks makes the role of the control plane; provider/cmd of pulumi/pulumi-eks, cluster.ts.
_ROLES_OF_CLUSTER = 1
_GIB_A_TIB = 1024
_LATER = "with groups rolled and pools at their limits"

Demands = Callable[[Surroundings], Iterable[Demand]]


def vcpus(here: Surroundings, *, capacity: Capacity) -> Iterable[Finding]:
    """vCPUs by class of families: groups are there from the first `up`, pools come with what waits."""
    running = here.aws.pages(
        "ec2:DescribeInstances",
        "Reservations",
        Filters=[{"Name": "instance-state-name", "Values": ["pending", "running"]}],
    )
    others = in_use(
        (each for found in running for each in found["Instances"] if not here.owns(each.get("Tags"))), capacity
    )
    groups, zones = here.settings.node_groups.values(), len(here.settings.network.zones)
    at_once = of_groups(groups, capacity, zones, rolled=False)
    at_most = of_groups(groups, capacity, zones, rolled=True) + of_pools(here.settings.node_pools.values(), capacity)
    wanted = [kind for kind in QUOTAS[capacity] if at_most[kind] or at_once[kind]]
    for kind in wanted:
        demand = Demand(at_once[kind], others[kind], at_most[kind], _LATER)
        yield from judge(here.aws, QUOTAS[capacity][kind], [demand])
    if not wanted:
        yield ok(f"the stack buys nothing {capacity}")


def vpcs(here: Surroundings) -> Iterable[Demand]:
    """The stack's VPC."""
    found = here.aws.pages("ec2:DescribeVpcs", "Vpcs")
    yield Demand(len(here.plan.of("aws:ec2/vpc:Vpc")), _others(here, found))


def internet_gateways(here: Surroundings) -> Iterable[Demand]:
    """The VPC's way to the internet."""
    found = here.aws.pages("ec2:DescribeInternetGateways", "InternetGateways")
    yield Demand(len(here.plan.of("aws:ec2/internetGateway:InternetGateway")), _others(here, found))


def elastic_ips(here: Surroundings) -> Iterable[Demand]:
    """Addresses of the NAT gateways."""
    found = here.aws.ask("ec2:DescribeAddresses")["Addresses"]
    yield Demand(len(here.plan.of("aws:ec2/eip:Eip")), _others(here, found))


def nat_gateways(here: Surroundings) -> Iterable[Demand]:
    """NAT gateways in each zone."""
    zone_of = {planned_id(each.name): str(each.inputs["availabilityZone"]) for each in here.plan.of(_SUBNET)}
    wanted = Counter(zone_of[each.inputs["subnetId"]] for each in here.plan.of("aws:ec2/natGateway:NatGateway"))
    states = [{"Name": "state", "Values": ["pending", "available"]}]
    found = [
        each
        for each in here.aws.pages("ec2:DescribeNatGateways", "NatGateways", Filters=states)
        if not here.owns(each.get("Tags"))
    ]
    subnets = sorted({each["SubnetId"] for each in found if "SubnetId" in each})
    there = (
        {
            each["SubnetId"]: each["AvailabilityZone"]
            for each in here.aws.pages(
                "ec2:DescribeSubnets", "Subnets", Filters=[{"Name": "subnet-id", "Values": subnets}]
            )
        }
        if subnets
        else {}
    )
    others = Counter(there.get(each.get("SubnetId")) for each in found)
    for zone, count in sorted(wanted.items()):
        yield Demand(count, others[zone], place=zone)


def vpc_ranges(here: Surroundings) -> Iterable[Demand]:
    """The VPC's primary range, and a block for each zone."""
    blocks = here.plan.of("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
    yield Demand(1 + len(blocks), place="the stack's VPC")


def interface_endpoints(here: Surroundings) -> Iterable[Demand]:
    """Interface endpoints of the stack's VPC, in which nobody else has any."""
    endpoints = here.plan.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    interfaces = [each for each in endpoints if each.inputs["vpcEndpointType"] == "Interface"]
    yield Demand(len(interfaces), place="the stack's VPC")


def security_group_rules(here: Surroundings) -> Iterable[Demand]:
    """Rules of the security group that has most in one direction."""
    counts = {
        direction: Counter(str(each.inputs["securityGroupId"]) for each in here.plan.of(kind))
        for direction, kind in (("inbound", _INGRESS), ("outbound", _EGRESS))
    }
    (direction, group), most = max(
        (((direction, group), count) for direction, counter in counts.items() for group, count in counter.items()),
        key=lambda each: each[1],
    )
    yield Demand(most, place=f"{direction} of {group.removesuffix(planned_id(''))}")


def eks_clusters(here: Surroundings) -> Iterable[Demand]:
    """The stack's cluster."""
    names = [*here.aws.pages("eks:ListClusters", "clusters")]
    yield Demand(1, len([name for name in names if name != here.account.cluster_name]))


def node_groups(here: Surroundings) -> Iterable[Demand]:
    """Node groups of the cluster; one that is replaced stands beside its successor."""
    count = len(here.plan.of(NODE_GROUP))
    yield Demand(count, at_most=2 * count, later="while all are replaced", place=here.account.cluster_name)


def nodes_of_a_group(here: Surroundings) -> Iterable[Demand]:
    """Nodes of the largest group; those that replace others while it is rolled count too."""
    path, largest = max(here.settings.node_groups.items(), key=lambda each: each[1].size)
    rolled = most_nodes_in_a_roll(largest.size, len(largest.zones or here.settings.network.zones))
    yield Demand(largest.size, at_most=rolled, later="while it is rolled", place=path)


def gp3_storage(here: Surroundings) -> Iterable[Demand]:
    """TiB of root volumes of nodes and of what pods keep on disks."""
    zones = len(here.settings.network.zones)
    groups, pools = here.settings.node_groups.values(), here.settings.node_pools.values()
    volumes = here.aws.pages("ec2:DescribeVolumes", "Volumes", Filters=[{"Name": "volume-type", "Values": ["gp3"]}])
    others = sum(each["Size"] for each in volumes if not (here.owns(each.get("Tags")) or _is_claims(each)))
    claims = gp3_of_claims(here.plan)
    at_once = gp3_of_groups(groups, zones, rolled=False) + claims
    at_most = gp3_of_groups(groups, zones, rolled=True) + gp3_of_pools(pools) + claims
    yield Demand(at_once / _GIB_A_TIB, others / _GIB_A_TIB, at_most / _GIB_A_TIB, _LATER)


def iam_roles(here: Surroundings) -> Iterable[Demand]:
    """Roles of nodes, pods, services and people, and the control plane's own."""
    there = here.aws.ask("iam:GetAccountSummary")["SummaryMap"]["Roles"]
    own = here.state.count(_ROLE) if here.state else 0
    yield Demand(len(here.plan.of(_ROLE)) + _ROLES_OF_CLUSTER, there - own)


def _others(here: Surroundings, found: Iterable[dict[str, object]]) -> int:
    return sum(not here.owns(each.get("Tags")) for each in found)


def _is_claims(volume: dict[str, list[dict[str, str]]]) -> bool:
    """Whether a claim of a pod made a volume: the account has no other cluster."""
    return any(each["Key"] == "kubernetes.io/created-for/pvc/name" for each in volume.get("Tags") or ())


def _check(name: str, quota: Quota, demands: Demands, *calls: str, needs: tuple[str, ...] = ("plan",)) -> Check:
    return Check(
        f"quota-{name}",
        f"{quota.title} ({quota.service} {quota.code})",
        lambda here: judge(here.aws, quota, demands(here)),
        (*CALLS_OF_QUOTAS, *calls),
        (*needs, "account", "region"),
    )


def _vcpu_check(capacity: Capacity) -> Check:
    codes = ", ".join(f"{kind} {quota.code}" for kind, quota in QUOTAS[capacity].items())
    return Check(
        f"quota-{capacity}-vcpus",
        f"vCPUs that are bought {capacity}, by class of families (ec2 {codes})",
        partial(vcpus, capacity=capacity),
        (*CALLS_OF_QUOTAS, "ec2:DescribeInstances"),
        ("settings", "account", "region"),
    )


CHECKS = (
    _vcpu_check("on-demand"),
    _vcpu_check("spot"),
    _check("vpcs", Quota("vpc", "L-F678F1CE", "VPCs per Region"), vpcs, "ec2:DescribeVpcs"),
    _check(
        "internet-gateways",
        Quota("vpc", "L-A4707A72", "Internet gateways per Region"),
        internet_gateways,
        "ec2:DescribeInternetGateways",
    ),
    _check("elastic-ips", Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs"), elastic_ips, "ec2:DescribeAddresses"),
    _check(
        "nat-gateways",
        Quota("vpc", "L-FE5A380F", "NAT gateways per Availability Zone"),
        nat_gateways,
        "ec2:DescribeNatGateways",
        "ec2:DescribeSubnets",
    ),
    _check("vpc-ranges", Quota("vpc", "L-83CA0A9D", "IPv4 CIDR blocks per VPC"), vpc_ranges),
    _check("interface-endpoints", Quota("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC"), interface_endpoints),
    _check(
        "security-group-rules",
        Quota("vpc", "L-0EA8095F", "Inbound or outbound rules per security group"),
        security_group_rules,
    ),
    _check("eks-clusters", Quota("eks", "L-1194D53C", "Clusters"), eks_clusters, "eks:ListClusters"),
    _check("node-groups", Quota("eks", "L-6D54EA21", "Managed node groups per cluster"), node_groups),
    _check(
        "nodes-of-a-group",
        Quota("eks", "L-BD136A63", "Nodes per managed node group"),
        nodes_of_a_group,
        needs=("settings",),
    ),
    _check(
        "gp3-storage",
        Quota("ebs", "L-7A658B76", "Storage for General Purpose SSD (gp3) volumes, in TiB"),
        gp3_storage,
        "ec2:DescribeVolumes",
    ),
    _check(
        "iam-roles",
        Quota("iam", "L-FE177D64", "Roles per account", HOME_REGION),
        iam_roles,
        "iam:GetAccountSummary",
    ),
)
