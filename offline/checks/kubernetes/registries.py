"""Images come from registries that nodes can pull from, through the S3 gateway endpoint where layers lie behind it.

A registry that keeps its layers in Amazon S3 sends whoever pulls to a bucket. Where that bucket is in the nodes' own
Region, the request takes the gateway endpoint, and its policy must let it through. Nothing is said where the stack has
no such endpoint.

Sources stand beside each registry. Leaves out manifests, which registries serve themselves, over NAT.
"""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from components.images.image import DOCKER_HUB, registry_of, repository_of
from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import known_text
from offline.checks.kubernetes.stack import Stack
from offline.providers.aws.account import Account
from offline.providers.resource import Resource

_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_REPOSITORY = "aws:ecr/repository:Repository"
_CACHE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
_EVERY_REGION = "*"

# Host of a registry to the bucket of its layers, by the Regions in which the bucket is; nothing where layers come from
# a content delivery network or from storage outside AWS.
REGISTRIES: Mapping[str, Mapping[str, str]] = {
    # Amazon ECR user guide, "Amazon ECR interface VPC endpoints", minimum Amazon S3 bucket permissions.
    "*.dkr.ecr.*.amazonaws.com": {_EVERY_REGION: "prod-{region}-starport-layer-bucket"},
    "*.dkr.ecr.*.amazonaws.com.cn": {_EVERY_REGION: "prod-{region}-starport-layer-bucket"},
    # Amazon CloudFront: EKS Anywhere documentation, vSphere preparation, d5l0dvt14r5h8.cloudfront.net.
    "public.ecr.aws": {},
    # pkg-containers.githubusercontent.com: Trivy documentation, Troubleshooting, database behind a firewall.
    "ghcr.io": {},
    # Red Hat OpenShift documentation, "Configuring your firewall": cdn01 to cdn06.quay.io, and this bucket, of which
    # clients in us-east-1 are told directly.
    "quay.io": {"us-east-1": "quayio-production-s3"},
    # kubernetes/registry.k8s.io, cmd/archeio/docs/request-handling.md and internal/app/buckets.go.
    "registry.k8s.io": {
        _EVERY_REGION: "prod-registry-k8s-io-{region}",
        "eu-west-2": "767373bbdcb8270361b96548387bf2a9ad0d48758c35-eu-west-2",
    },
    # Kept for private networks (ICANN, resolution of 2024-07-29): a registry of one's own.
    "*.internal": {},
}
# kubernetes/registry.k8s.io, internal/app/buckets.go: Regions that are served from another one's bucket, or from none.
WITHOUT_KUBERNETES_BUCKET = ("ap-east-2", "me-south-1", "cn-*", "us-gov-*")


def images_can_be_pulled(judge: str, stack: Stack) -> Iterable[Finding]:
    """Every container's registry is known, is not Docker Hub, and its bucket passes the S3 gateway endpoint."""
    gateways = [each for each in stack.resources if _is_s3_gateway(each)]
    if not gateways:
        return
    for found in stack.objects:
        for path, container in found.pods.containers() if found.pods else ():
            image = known_text(container.get("image"))
            problem = next(filter(None, (_problem(registry_of(image), each) for each in gateways)), None)
            if image and problem:
                yield found.finding(judge, f"{path}.image", *problem)


def images_are_kept(judge: str, stack: Stack) -> Iterable[Finding]:
    """An image of the account's own registry has a repository there, or a cache that brings it.

    Nothing is said where the stack makes neither, because people may make repositories by hand then.

    Source: Amazon ECR user guide, "Private repositories" and "Sync an upstream registry with an Amazon ECR private
    registry": a name that has no repository, and no rule whose prefix it begins with, is not found.
    """
    kept = [each for each in stack.resources if each.type in (_REPOSITORY, _CACHE)]
    for found in stack.objects if kept else ():
        for path, container in found.pods.containers() if found.pods else ():
            host, _, name = repository_of(known_text(container.get("image"))).partition("/")
            if name and host in {_own_registry(each) for each in kept} and not any(_keeps(each, name) for each in kept):
                rule = f"is in the account's registry, in which nothing keeps {name}"
                fix = "Name an image of a repository or a cache of the stack, or make one"
                yield found.finding(judge, f"{path}.image", rule, "Amazon ECR user guide, Private repositories", fix)


def _own_registry(resource: Resource) -> str:
    account = Account.of(resource.settings)
    return f"{account.number}.dkr.ecr.{account.region}.{account.suffix}"


def _keeps(resource: Resource, name: str) -> bool:
    inputs = resource.plain_inputs
    if resource.type == _CACHE:
        return name.startswith(f"{str(inputs.get('ecrRepositoryPrefix')).rstrip('/')}/")
    return name == inputs.get("name")


def buckets_of(host: str, region: str) -> list[str] | None:
    """Buckets of the Region that layers of a registry come from; None for a registry that is not known."""
    row = next((buckets for pattern, buckets in REGISTRIES.items() if fnmatchcase(host, pattern)), None)
    if row is None:
        return None
    if host == "registry.k8s.io" and any(fnmatchcase(region, each) for each in WITHOUT_KUBERNETES_BUCKET):
        return []
    name = row.get(region, row.get(_EVERY_REGION))
    return [] if name is None else [name.format(region=region)]


def _problem(host: str, gateway: Resource) -> tuple[str, str, str] | None:
    """Rule, source and fix, where an image of the registry can't be pulled."""
    if host == DOCKER_HUB:
        return (
            "comes from Docker Hub, which limits anonymous pulls by address and sends some to a bucket of its own",
            "Docker documentation, Docker Hub usage and limits",
            "Name a registry that its project publishes to as well, or a mirror",
        )
    account = Account.of(gateway.settings)
    buckets = buckets_of(host, account.region)
    if buckets is None:
        return (
            f"comes from {host}, of which nobody looked up where its layers lie",
            "AWS PrivateLink guide, Gateway endpoints for Amazon S3",
            "Look up whether it sends pulls to Amazon S3, and add it to REGISTRIES in "
            "offline/checks/kubernetes/registries.py",
        )
    closed = [each for each in buckets if not _lets_through(gateway, f"arn:{account.partition}:s3:::{each}/layer")]
    if closed:
        return (
            f"comes from {host}, whose layers lie in bucket {closed[0]}, which endpoint {gateway.name} keeps out",
            "AWS PrivateLink guide, Gateway endpoints for Amazon S3, endpoint policies",
            "Allow s3:GetObject on its objects in the endpoint's policy",
        )
    return None


def _is_s3_gateway(resource: Resource) -> bool:
    inputs = resource.plain_inputs
    return (
        resource.type == _ENDPOINT
        and inputs.get("vpcEndpointType") == "Gateway"
        and str(inputs.get("serviceName", "")).endswith(".s3")
    )


def _lets_through(gateway: Resource, arn: str) -> bool:
    """Whether anybody may read the object through the endpoint; without a policy everybody may."""
    policy = known_text(gateway.plain_inputs.get("policy"))
    return not policy or any(_allows(each, arn) for each in json.loads(policy).get("Statement", []))


def _allows(statement: Mapping[str, Any], arn: str) -> bool:
    # Layers are fetched with signed addresses of the registry's account: no condition on one's own account holds.
    return (
        statement.get("Effect") == "Allow"
        and not statement.get("Condition")
        and any(fnmatchcase("s3:GetObject", each) for each in _texts(statement.get("Action")))
        and any(fnmatchcase(arn, each) for each in _texts(statement.get("Resource")))
    )


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
