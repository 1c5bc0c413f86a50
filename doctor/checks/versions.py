"""Versions that settings pin, against what Amazon EKS offers in the Region."""

from collections.abc import Iterable, Mapping
from typing import Any

from components.cluster.node_launch import image_parameter
from components.cluster.running_version import rules_of_running_version
from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.plan import CLUSTER
from doctor.surroundings import Surroundings

_ADDON = "aws:eks/addon:Addon"
_STANDARD = "STANDARD_SUPPORT"


def kubernetes_version(here: Surroundings) -> Iterable[Finding]:
    """One that Amazon EKS makes clusters of, and not older than what runs."""
    wanted = here.settings.cluster.kubernetes_version
    listed = list(here.aws.pages("eks:DescribeClusterVersions", "clusterVersions"))
    status = {each["clusterVersion"]: _status(each) for each in listed}
    if wanted not in status:
        choices = [version for version, each in status.items() if each == _STANDARD]
        yield fail(
            f"Amazon EKS offers no Kubernetes {wanted} in {here.account.region}",
            f'write kubernetes_version: "{max(choices, default="of those that it lists")}"; it has {", ".join(status)}',
        )
    elif status[wanted] != _STANDARD:
        yield warn(
            f"Kubernetes {wanted} is in {status[wanted].lower().replace('_', ' ')}, which clusters here don't buy",
            "docs/upgrades.md has the way to a newer one",
        )
    running = here.cluster
    for each in rules_of_running_version(wanted, str(running["version"]) if running else None):
        yield fail(f"{each.field} {each.rule}: {each.reason}", each.fix)
    yield ok(f"{wanted}, and the cluster runs {running['version']}" if running else wanted)


def _status(version: Mapping[str, Any]) -> str:
    """The status of a version, which older answers of Amazon EKS spell otherwise."""
    return str(version.get("versionStatus") or version.get("status")).upper().replace("-", "_")


def addon_versions(here: Surroundings) -> Iterable[Finding]:
    """Each add-on against what fits the cluster's version."""
    kubernetes = here.settings.cluster.kubernetes_version
    wanted = addons_of(here)
    for name, version in wanted.items():
        try:
            listed = list(
                here.aws.pages("eks:DescribeAddonVersions", "addons", addonName=name, kubernetesVersion=kubernetes)
            )
        except DeniedError:
            raise
        except CallError as error:
            yield fail(f"Amazon EKS knows no add-on {name} ({error.code})", "take another Region")
            continue
        offered = [each["addonVersion"] for addon in listed for each in addon["addonVersions"]]
        if version not in offered:
            yield fail(
                f"{name} {version} is not offered for Kubernetes {kubernetes}",
                f"pin one of {', '.join(offered[:3]) or 'none: it has no version for it'} under cluster.addons",
            )
    yield ok(f"{len(wanted)} add-ons")


def addons_of(here: Surroundings) -> Mapping[str, str]:
    """Name of each add-on to the version that the program asks for."""
    found = {each.inputs["addonName"]: each.inputs["addonVersion"] for each in here.plan.of(_ADDON)}
    for cluster in here.plan.of(CLUSTER):
        # pulumi-eks makes these two itself.
        options: Mapping[str, Any] = cluster.inputs
        found["vpc-cni"] = options["vpcCniOptions"]["addonVersion"]
        found["kube-proxy"] = options["kubeProxyAddonOptions"]["version"]
    return dict(sorted(found.items()))


def ami_releases(here: Surroundings) -> Iterable[Finding]:
    """The image of every node group and pool, by the public parameter of its release."""
    release = here.settings.cluster.node_release
    wanted = {image_parameter(each.node_release or release, each.architecture) for each in here.settings.nodes.values()}
    for name in sorted(wanted):
        try:
            here.aws.ask("ssm:GetParameter", Name=name)
        except CallError as error:
            if error.code != "ParameterNotFound":
                raise
            yield fail(
                f"there is no image {name}",
                "name a release of awslabs/amazon-eks-ami in node_release: aws ssm get-parameters-by-path --path "
                f"{name.rpartition('/standard/')[0]}/standard --recursive",
            )
    yield ok(f"{len(wanted)} images")


CHECKS = (
    Check(
        "kubernetes-version",
        "Does Amazon EKS offer the Kubernetes version, and is it no downgrade",
        kubernetes_version,
        calls=("eks:DescribeClusterVersions", "eks:DescribeCluster"),
        needs=("account", "region"),
    ),
    Check(
        "addon-versions",
        "Does Amazon EKS offer the pinned add-on versions for it",
        addon_versions,
        calls=("eks:DescribeAddonVersions",),
        needs=("plan", "account", "region", "kubernetes-version"),
    ),
    Check(
        "node-images",
        "Is there an AMI of each pinned release",
        ami_releases,
        calls=("ssm:GetParameter",),
        needs=("account", "region"),
    ),
)
