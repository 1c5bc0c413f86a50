"""The AWS account and Region that an environment lives in, and the ARNs and host names that follow from them."""

from dataclasses import dataclass

from components.regions import region_of


@dataclass(frozen=True)
class Account:
    """Where an environment lives.

    Args:
        environment: name of the environment, such as dev.
        id: twelve-digit account id.
        region: Region name, such as us-east-1.
        mirror: registry, or prefix in one, that nodes pull images from instead of the account's own; None for that.
    """

    environment: str
    id: str
    region: str
    mirror: str | None = None

    @property
    def partition(self) -> str:
        """Partition of the Region, the second part of every ARN."""
        return region_of(self.region).partition.name

    @property
    def cluster_name(self) -> str:
        """Name of the environment's EKS cluster, which log keys, tags and role trust refer to."""
        return f"moka-{self.environment}"

    @property
    def cluster_arn(self) -> str:
        """ARN of the environment's EKS cluster."""
        return self.arn("eks", f"cluster/{self.cluster_name}")

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource in this account and Region, such as `arn("eks", "cluster/moka-dev")`."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.id}:{resource}"

    def service_principal(self, service: str) -> str:
        """Principal of an AWS service, such as `service_principal("pods.eks")`."""
        return f"{service}.{region_of(self.region).partition.dns_suffix}"

    def service_in_region(self, service: str) -> str:
        """Name of a service of this Region, such as `service_in_region("s3")`: what `kms:ViaService` holds, and the
        principal of the services that have one for each Region."""
        return self.service_principal(f"{service}.{self.region}")

    def endpoint_service(self, service: str) -> str:
        """Name of a service as VPC endpoints know it, such as `endpoint_service("ecr.api")`."""
        domain = region_of(self.region).partition.dns_suffix
        return ".".join([*reversed(domain.split(".")), self.region, service])

    def managed_policy_arn(self, name: str) -> str:
        """ARN of a policy that AWS manages, such as AmazonEKSWorkerNodeMinimalPolicy."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    @property
    def registry(self) -> str:
        """Host of the account's own Amazon ECR registry in the Region."""
        return f"{self.id}.{self.service_principal(f'dkr.ecr.{self.region}')}"

    @property
    def images(self) -> str:
        """Registry, or prefix in one, below which nodes find every image of the table under its own name."""
        return self.mirror or self.registry

    def bucket_arn(self, name: str) -> str:
        """ARN of an S3 bucket by its name; bucket names are unique in a partition."""
        return f"arn:{self.partition}:s3:::{name}"
