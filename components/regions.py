"""The AWS Regions that are served, and what is known of each: a row with every fact, or the Region is not served.

A Region gets its row when each of its facts has a source, when it is known which instance types are offered there, and
when every service that an environment calls is there. Leaves out the other partitions: in China and GovCloud names of
services and endpoints differ from those that policies here are written with.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Partition:
    """A group of Regions with accounts of its own.

    Args:
        name: second part of every ARN in it.
        dns_suffix: domain of its service principals and endpoints.
    """

    name: str
    dns_suffix: str


AWS = Partition("aws", "amazonaws.com")


@dataclass(frozen=True)
class Region:
    """What depends on the Region and follows from nothing else.

    Args:
        name: such as us-east-1.
        partition: that it belongs to.
        addon_registry: account that owns the images of EKS add-ons there. Source: Amazon EKS user guide, "View Amazon
            container image registries for Amazon EKS add-ons"; ap-southeast-5 stands in its newer editions alone.
        image_buckets: S3 buckets in this Region to which registries other than Amazon ECR send clients in AWS; the
            gateway endpoint sees no request to another Region's, where me-south-1 is sent. Source:
            kubernetes/registry.k8s.io, cmd/archeio, buckets.go, read on 2026-08-06; quay.io answers from its bucket in
            us-east-1 there, and from a CDN elsewhere.
        zone_ids_without_control_plane: ids of availability zones in which Amazon EKS takes no subnet of a cluster.
            Source: Amazon EKS user guide, "View Amazon EKS networking requirements for VPC and subnets".
        has_managed_grafana: whether Amazon Managed Grafana is there. Source: botocore, endpoints.json, service grafana.
    """

    name: str
    partition: Partition
    addon_registry: str
    image_buckets: tuple[str, ...]
    zone_ids_without_control_plane: tuple[str, ...]
    has_managed_grafana: bool


_ROWS = (
    Region("af-south-1", AWS, "877085696533", ("prod-registry-k8s-io-af-south-1",), (), False),
    Region("ap-east-1", AWS, "800184023465", ("prod-registry-k8s-io-ap-east-1",), (), False),
    Region("ap-northeast-1", AWS, "602401143452", ("prod-registry-k8s-io-ap-northeast-1",), (), True),
    Region("ap-northeast-2", AWS, "602401143452", ("prod-registry-k8s-io-ap-northeast-2",), (), True),
    Region("ap-northeast-3", AWS, "602401143452", ("prod-registry-k8s-io-ap-northeast-3",), (), False),
    Region("ap-south-1", AWS, "602401143452", ("prod-registry-k8s-io-ap-south-1",), (), False),
    Region("ap-south-2", AWS, "900889452093", ("prod-registry-k8s-io-ap-south-2",), (), False),
    Region("ap-southeast-1", AWS, "602401143452", ("prod-registry-k8s-io-ap-southeast-1",), (), True),
    Region("ap-southeast-2", AWS, "602401143452", ("prod-registry-k8s-io-ap-southeast-2",), (), True),
    Region("ap-southeast-3", AWS, "296578399912", ("prod-registry-k8s-io-ap-southeast-3",), (), False),
    Region("ap-southeast-4", AWS, "491585149902", ("prod-registry-k8s-io-ap-southeast-4",), (), False),
    Region("ap-southeast-5", AWS, "151610086707", ("prod-registry-k8s-io-ap-southeast-5",), (), False),
    Region("ca-central-1", AWS, "602401143452", ("prod-registry-k8s-io-ca-central-1",), ("cac1-az3",), False),
    Region("ca-west-1", AWS, "761377655185", ("prod-registry-k8s-io-ca-west-1",), (), False),
    Region("eu-central-1", AWS, "602401143452", ("prod-registry-k8s-io-eu-central-1",), (), True),
    Region("eu-central-2", AWS, "900612956339", ("prod-registry-k8s-io-eu-central-2",), (), False),
    Region("eu-north-1", AWS, "602401143452", ("prod-registry-k8s-io-eu-north-1",), (), False),
    Region("eu-south-1", AWS, "590381155156", ("prod-registry-k8s-io-eu-south-1",), (), False),
    Region("eu-south-2", AWS, "455263428931", ("prod-registry-k8s-io-eu-south-2",), (), False),
    Region("eu-west-1", AWS, "602401143452", ("prod-registry-k8s-io-eu-west-1",), (), True),
    Region("eu-west-2", AWS, "602401143452", ("767373bbdcb8270361b96548387bf2a9ad0d48758c35-eu-west-2",), (), True),
    Region("eu-west-3", AWS, "602401143452", ("prod-registry-k8s-io-eu-west-3",), (), False),
    Region("il-central-1", AWS, "066635153087", ("prod-registry-k8s-io-il-central-1",), (), False),
    Region("me-central-1", AWS, "759879836304", ("prod-registry-k8s-io-me-central-1",), (), False),
    Region("me-south-1", AWS, "558608220178", (), (), False),
    Region("sa-east-1", AWS, "602401143452", ("prod-registry-k8s-io-sa-east-1",), (), False),
    Region(
        "us-east-1",
        AWS,
        "602401143452",
        ("prod-registry-k8s-io-us-east-1", "quayio-production-s3"),
        ("use1-az3",),
        True,
    ),
    Region("us-east-2", AWS, "602401143452", ("prod-registry-k8s-io-us-east-2",), (), True),
    Region("us-west-1", AWS, "602401143452", ("prod-registry-k8s-io-us-west-1",), ("usw1-az2",), False),
    Region("us-west-2", AWS, "602401143452", ("prod-registry-k8s-io-us-west-2",), (), True),
)

SERVED: dict[str, Region] = {row.name: row for row in _ROWS}


def region_of(name: str) -> Region:
    """A Region's row.

    Raises:
        ValueError: when the Region is not served; settings say so beforehand.
    """
    if name not in SERVED:
        raise ValueError(f"{name} is not served: {', '.join(SERVED)} are")
    return SERVED[name]
