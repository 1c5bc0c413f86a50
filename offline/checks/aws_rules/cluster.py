"""What Amazon EKS refuses in a control plane, its add-ons and its access.

Source: Amazon EKS user guide and API reference; the pages stand beside each rule.
"""

from collections.abc import Iterator

from offline.checks.aws_rules.known import known_names
from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding

CLUSTER = "aws:eks/cluster:Cluster"
_ADDON = "aws:eks/addon:Addon"
_ACCESS_POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_SUBNET = "aws:ec2/subnet:Subnet"
FEWEST_ZONES = 2

_NETWORKING = "Amazon EKS user guide, Amazon EKS networking requirements for VPC and subnets"
_ENDPOINTS = "Amazon EKS user guide, Cluster API server endpoint"
_ADDONS = "Amazon EKS user guide, AWS add-ons and Community add-ons"
_ACCESS = "Amazon EKS user guide, Review access policy permissions"

ADDONS = known_names("addons")
ACCESS_POLICIES = known_names("access_policies")


def a_cluster_can_be_reached(cluster: Subject) -> Iterator[Finding]:
    """One of the two API endpoints is on, and a list of public ranges goes with the public one."""
    public = cluster.get("vpcConfig.endpointPublicAccess")
    if public is False and cluster.get("vpcConfig.endpointPrivateAccess") in (False, None):
        place = "vpcConfig.endpointPrivateAccess"
        if not cluster.gives(place) or cluster.get(place) is False:
            rule = "must be true while endpointPublicAccess is off, or nobody reaches the API server"
            yield cluster.finding(place, rule, _ENDPOINTS, "Switch one endpoint on", cluster.get(place) or False)


def a_cluster_spans_two_zones(stack: Stack) -> Iterator[Finding]:
    """The control plane's subnets lie in two zones at least."""
    zones = {each.resource.identifier: each.get("availabilityZone") for each in stack.of(_SUBNET)}
    for cluster in stack.of(CLUSTER):
        given = cluster.get("vpcConfig.subnetIds")
        found = {zones.get(each) for each in given or ()}
        if given is not None and None not in found and len(found) < FEWEST_ZONES:
            rule = f"lie in {len(found)} availability zone, not in {FEWEST_ZONES} or more"
            yield cluster.finding("vpcConfig.subnetIds", rule, _NETWORKING, "Add a subnet of another zone")


def a_cluster_names_two_subnets(cluster: Subject) -> Iterator[Finding]:
    """Fewer than two subnets can't lie in two zones; known even while the ids are not."""
    given = cluster.inputs.get("vpcConfig", {}).get("subnetIds")
    if isinstance(given, list) and len(given) < FEWEST_ZONES:
        rule = f"must name subnets of {FEWEST_ZONES} availability zones or more"
        yield cluster.finding("vpcConfig.subnetIds", rule, _NETWORKING, "Add a subnet of another zone", given)


def an_addon_exists(addon: Subject) -> Iterator[Finding]:
    """The add-on's name is one that Amazon EKS offers, its version one of an add-on."""
    name, version = addon.get("addonName"), addon.get("addonVersion")
    # A vendor's add-on carries an underscore.
    if name is not None and name not in ADDONS and "_" not in name:
        fix = "Correct the name; if the page lists it, add it to offline/checks/aws_rules/files/addons.txt"
        yield addon.finding("addonName", "is no add-on that Amazon EKS offers", _ADDONS, fix)
    if version is not None and "_" not in (name or "") and not (version.startswith("v") and "-eksbuild." in version):
        rule = "must look like v1.20.4-eksbuild.2"
        yield addon.finding("addonVersion", rule, "Amazon EKS API, DescribeAddonVersions", "Write a published version")


def an_access_policy_exists(association: Subject) -> Iterator[Finding]:
    """The access policy is one of Amazon EKS's own; IAM policies have no place here."""
    arn = association.get("policyArn")
    if arn is None:
        return
    prefix = f"arn:{association.account.partition}:eks::aws:cluster-access-policy/"
    if arn.removeprefix(prefix) not in ACCESS_POLICIES:
        rule = f"must be {prefix}<name> with a name that Amazon EKS offers"
        fix = "Correct it; if the page lists it, add it to offline/checks/aws_rules/files/access_policies.txt"
        yield association.finding("policyArn", rule, _ACCESS, fix)


def an_access_scope_fits_its_type(association: Subject) -> Iterator[Finding]:
    """Namespaces belong to a scope of namespaces, and to no other."""
    scope = association.get("accessScope")
    if scope is None or (scope.get("type") == "namespace") == bool(scope.get("namespaces")):
        return
    rule = "must name namespaces for type namespace, and only then"
    source = "Amazon EKS API, AccessScope"
    yield association.finding("accessScope", rule, source, "Set type: namespace with namespaces, or type: cluster")


RULES = {
    CLUSTER: (a_cluster_can_be_reached, a_cluster_names_two_subnets),
    _ADDON: (an_addon_exists,),
    _ACCESS_POLICY: (an_access_policy_exists, an_access_scope_fits_its_type),
}
RULES_TOGETHER = (a_cluster_spans_two_zones,)
