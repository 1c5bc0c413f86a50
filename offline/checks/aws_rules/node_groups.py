"""What Amazon EKS refuses in a managed node group, alone and beside its launch template and cluster.

Source: Amazon EKS user guide, "Managed node groups" and "Customize managed nodes with launch templates".
"""

from collections.abc import Iterator

from offline.checks.aws_rules.cluster import CLUSTER
from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding
from offline.providers.aws.recorded import described, offered_in

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_TYPES = "Amazon EC2 API, DescribeInstanceTypes"
_OFFERS = "Amazon EC2 API, DescribeInstanceTypeOfferings"
_CREATE = "Amazon EKS API, CreateNodegroup"
_TEMPLATES = "Amazon EKS user guide, Customize managed nodes with launch templates"
_SKEW = "kubernetes.io, Version Skew Policy"
# kubelet may be this many minor versions older than the API server.
_OLDEST_SKEW = 3

_ARM, _INTEL = "arm64", "x86_64"


def the_region_offers_every_instance_type(group: Subject) -> Iterator[Finding]:
    """Each type of EC2's is one that the Region offers; what is no type at all, the schemas know."""
    offered = offered_in(group.account.region)
    for index, name in enumerate(group.items("instanceTypes") if offered is not None else ()):
        if described(name) is not None and name not in offered:
            rule = f"is not offered in {group.account.region}"
            yield group.finding(f"instanceTypes.{index}", rule, _OFFERS, "Choose a type that the Region offers", name)


def the_image_fits_every_instance_type(group: Subject) -> Iterator[Finding]:
    """An image for one processor boots on no other."""
    image = group.get("amiType")
    architecture = _architecture_of_image(image)
    for index, name in enumerate(group.items("instanceTypes") if architecture else ()):
        answer = described(name)
        supported: list[str] = answer["ProcessorInfo"]["SupportedArchitectures"] if answer else []
        if answer is not None and architecture not in supported:
            rule = f"has {' and '.join(supported)} processors, but amiType {image} is for {architecture}"
            fix = "Choose an instance type or an image of the other architecture"
            yield group.finding(f"instanceTypes.{index}", rule, _TYPES, fix, name)


def sizes_are_in_order(group: Subject) -> Iterator[Finding]:
    """0 <= minimum <= desired <= maximum, and a maximum of one at least."""
    sizes = group.get("scalingConfig")
    if sizes is None:
        return
    least, most, desired = sizes.get("minSize", 0), sizes.get("maxSize", 1), sizes.get("desiredSize")
    if least > most:
        rule = f"must not be larger than maxSize ({most})"
        yield group.finding("scalingConfig.minSize", rule, _CREATE, "Lower the minimum or raise the maximum")
    if most < 1:
        yield group.finding("scalingConfig.maxSize", "must be 1 or more", _CREATE, "Raise the maximum", most)
    if desired is not None and least <= most and not least <= desired <= most:
        rule = f"must lie between minSize ({least}) and maxSize ({most})"
        yield group.finding("scalingConfig.desiredSize", rule, _CREATE, "Choose a size between the two", desired)


def an_update_has_one_pace(group: Subject) -> Iterator[Finding]:
    """A number of nodes or a percentage, not both."""
    pace = group.get("updateConfig") or {}
    if "maxUnavailable" in pace and "maxUnavailablePercentage" in pace:
        rule = "takes maxUnavailable or maxUnavailablePercentage, not both"
        yield group.finding("updateConfig", rule, "Amazon EKS API, NodegroupUpdateConfig", "Leave one out")


def a_release_is_of_the_groups_version(group: Subject) -> Iterator[Finding]:
    """An AMI release carries the Kubernetes version in front."""
    version, release = group.get("version"), group.get("releaseVersion")
    if version is not None and release is not None and not release.startswith(f"{version}."):
        rule = f"is no release of Kubernetes {version}, the group's version"
        yield group.finding("releaseVersion", rule, _CREATE, "Choose a release of that version, or change both")


def what_the_template_holds_is_not_said_twice(stack: Stack) -> Iterator[Finding]:
    """With a launch template, disk, remote access and a custom image belong into the template alone."""
    for group in stack.of(NODE_GROUP):
        if not group.gives("launchTemplate"):
            continue
        for place in ("diskSize", "remoteAccess"):
            if group.gives(place):
                rule = "must stand in the launch template, because the group has one"
                yield group.finding(place, rule, _TEMPLATES, "Move it into the launch template")
        template = stack.owner(TEMPLATE, group, "launchTemplate.id")
        if template is None:
            continue
        if template.gives("imageId") and group.get("amiType") not in (None, "CUSTOM"):
            rule = "must be left out, because the launch template names an image"
            yield group.finding("amiType", rule, _TEMPLATES, "Leave out amiType, or the template's imageId")
        if template.gives("instanceType") and group.gives("instanceTypes"):
            rule = "must be left out, because the launch template names a type"
            yield group.finding("instanceTypes", rule, _TEMPLATES, "Leave out one of the two")


def nodes_are_not_newer_than_their_cluster(stack: Stack) -> Iterator[Finding]:
    """kubelet is as new as the API server, or up to three minor versions older."""
    clusters = [each for each in stack.of(CLUSTER) if _minor(each) is not None]
    for group in stack.of(NODE_GROUP):
        name = group.get("clusterName")
        mine = [each for each in clusters if name is None or each.get("name") == name]
        if len(mine) != 1:
            continue
        ours, theirs = _minor(group), _minor(mine[0])
        if ours is not None and theirs is not None and not theirs - _OLDEST_SKEW <= ours <= theirs:
            rule = f"does not go with Kubernetes 1.{theirs} of cluster {mine[0].resource.name}"
            yield group.finding("version", rule, _SKEW, f"Choose 1.{theirs}, or an older one by at most {_OLDEST_SKEW}")


def _architecture_of_image(image: str | None) -> str | None:
    """`AL2023_ARM_64_STANDARD`, `BOTTLEROCKET_ARM_64_FIPS`, `AL2023_x86_64_NVIDIA`, `WINDOWS_CORE_2022_x86_64`."""
    known = {"ARM_64": _ARM, "X86_64": _INTEL}
    return next((architecture for part, architecture in known.items() if part in (image or "").upper()), None)


def _minor(subject: Subject) -> int | None:
    """Minor version of Kubernetes 1.x."""
    parts = str(subject.get("version") or "").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[0] == "1" and parts[1].isdigit() else None


RULES = {
    NODE_GROUP: (
        the_region_offers_every_instance_type,
        the_image_fits_every_instance_type,
        sizes_are_in_order,
        an_update_has_one_pace,
        a_release_is_of_the_groups_version,
    )
}
RULES_TOGETHER = (what_the_template_holds_is_not_said_twice, nodes_are_not_newer_than_their_cluster)
