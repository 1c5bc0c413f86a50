"""What one environment decides about its EKS control plane and who may use it."""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, impossible, in_place
from components.cloudwatch import RetentionDays
from components.cluster.addon_versions import AddonVersions
from components.cluster.node_settings import NodeRelease
from components.cluster.private_access import PRIVATE_RANGES, PrivateAccess
from components.model import Model, RoleArn, Violation

Roles = Annotated[tuple[RoleArn, ...], Field(max_length=20)]

# Amazon EKS API reference, KubernetesNetworkConfigRequest: serviceIpv4Cidr is a private range, /24 to /12.
LARGEST_SERVICE_PREFIX = 12
SMALLEST_SERVICE_PREFIX = 24

LARGEST_PUBLIC_PREFIX = 8


class AccessSettings(Model):
    """IAM roles that may use the Kubernetes API, by what they do."""

    admin: Annotated[Roles, OnChange(in_place("takes and gives access entries"))] = ()
    """Full control of the cluster, for break-glass use; the only roles that enter pods of the platform, or nodes."""

    operator: Annotated[Roles, OnChange(in_place("takes and gives access entries"))] = ()
    """On-call engineers: edit workloads in every namespace, secrets included, and read the rest of the cluster."""

    viewer: Annotated[Roles, OnChange(in_place("takes and gives access entries"))] = ()
    """Read workloads in every namespace."""

    ci: Annotated[Roles, OnChange(in_place("takes and gives access entries"))] = ()
    """The role that runs `pulumi up`: full control, because nobody is admin for having created the cluster. It enters
    no pod of the platform."""

    def rules(self) -> Iterable[Violation]:
        """Somebody can deploy, and nobody is listed twice."""
        if not self.admin and not self.ci:
            yield Violation(
                "ci",
                [],
                "must name a role when admin is empty",
                "the cluster's creator gets no access of its own, so `pulumi up` could not make Kubernetes objects",
                "add the ARN of the role that deploys",
            )
        seen: dict[str, str] = {}
        for kind in ("admin", "operator", "viewer", "ci"):
            for arn in getattr(self, kind):
                if arn in seen:
                    yield Violation(
                        kind,
                        arn,
                        f"must not repeat a role of {seen[arn]}",
                        "Amazon EKS takes one access entry per principal",
                        "keep the role under one kind",
                    )
                seen[arn] = kind

    @property
    def deployers(self) -> tuple[RoleArn, ...]:
        """The roles with full control, one of which runs `pulumi up` and `pulumi destroy`."""
        return self.admin + self.ci

    def all_roles(self) -> dict[str, RoleArn]:
        """Field path of every listed role to its ARN."""
        kinds = ("admin", "operator", "viewer", "ci")
        return {f"{kind}.{index}": arn for kind in kinds for index, arn in enumerate(getattr(self, kind))}


class ClusterSettings(Model):
    """Version, reach and access of one environment's control plane."""

    # renovate: datasource=endoflife-date depName=amazon-eks extractVersion=^(?<version>\d+\.\d+)
    kubernetes_version: Annotated[
        str,
        Field(pattern=r"^1\.\d{2}$"),
        OnChange(
            in_place("upgrades the control plane by one minor version, which nothing takes back; see docs/upgrades.md"),
            smaller=impossible("Amazon EKS does not run a control plane at an older version than it has"),
        ),
    ] = "1.35"
    """Minor version of Kubernetes; it must be in standard support."""

    service_cidr: Annotated[IPv4Network, OnChange(impossible("Amazon EKS takes the range at creation only"))] = (
        IPv4Network("172.20.0.0/16")
    )
    """Range of Kubernetes service addresses, /12 to /24, outside every stack's network."""

    public_access_cidrs: Annotated[
        tuple[IPv4Network, ...], Field(max_length=40), OnChange(in_place("the endpoint is updated within minutes"))
    ] = ()
    """Public ranges that may reach the API endpoint; empty means that it is private only."""

    private_access: PrivateAccess = PrivateAccess()
    """Who reaches the private API endpoint beside the nodes; somebody must while there is no public one."""

    control_plane_tier: Annotated[
        Literal["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"],
        OnChange(in_place("the control plane is scaled while it runs")),
    ] = "standard"
    """Provisioned capacity of the control plane; above standard it is billed by the hour."""

    zonal_shift: Annotated[bool, OnChange(in_place())] = True
    """Let Amazon Application Recovery Controller move traffic away from an impaired zone."""

    log_retention_days: Annotated[
        RetentionDays, OnChange(in_place(), smaller=in_place(loses="lines that are older"))
    ] = 365
    """Days that control-plane logs stay in CloudWatch Logs."""

    access: AccessSettings
    """Who may use the Kubernetes API."""

    addons: AddonVersions = AddonVersions()
    """Versions of the EKS add-ons."""

    # renovate: node-release=awslabs/amazon-eks-ami
    node_release: Annotated[
        NodeRelease, OnChange(in_place("rolls every node group that names no release, see docs/upgrades.md"))
    ] = "1.35.7-20260827"
    """Release of the AMI that every node boots whose group names none, Intel and Graviton alike."""

    def rules(self) -> Iterable[Violation]:
        """Service range, public ranges, and that whoever deploys can reach the API."""
        if not LARGEST_SERVICE_PREFIX <= self.service_cidr.prefixlen <= SMALLEST_SERVICE_PREFIX:
            yield Violation(
                "service_cidr",
                self.service_cidr,
                f"must be between a /{LARGEST_SERVICE_PREFIX} and a /{SMALLEST_SERVICE_PREFIX}",
                "Amazon EKS takes no other size",
                "for example 172.20.0.0/16",
            )
        for index, cidr in enumerate(self.public_access_cidrs):
            if cidr.prefixlen < LARGEST_PUBLIC_PREFIX or any(cidr.overlaps(inside) for inside in PRIVATE_RANGES):
                yield Violation(
                    f"public_access_cidrs.{index}",
                    cidr,
                    "must be a public range no larger than a /8",
                    "the list exists to keep the rest of the internet out; private sources use the private endpoint",
                    "list your offices' and VPN's public addresses",
                )
        yield from self._rules_of_private_access()

    def _rules_of_private_access(self) -> Iterable[Violation]:
        if not self.public_access_cidrs and self.private_access.is_empty():
            yield Violation(
                "private_access",
                "nobody",
                "must name a range or a security group while public_access_cidrs is empty",
                "Amazon EKS lets nobody but the nodes reach a private endpoint, so `pulumi up` could make no object in "
                "the cluster",
                "list the network that the runner and people come from under cidrs",
            )
        for index, cidr in enumerate(self.private_access.cidrs):
            if cidr.overlaps(self.service_cidr):
                yield Violation(
                    f"private_access.cidrs.{index}",
                    cidr,
                    f"must not overlap service_cidr ({self.service_cidr})",
                    "inside the cluster those addresses belong to Kubernetes services (Amazon EKS user guide, "
                    '"Amazon EKS networking requirements for VPC and subnets")',
                    "list narrower ranges, or choose another service_cidr",
                )
