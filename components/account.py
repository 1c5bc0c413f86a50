"""The AWS account and Region that an environment lives in, and the ARNs and host names that follow from them."""

from dataclasses import dataclass

# IAM user guide, "Amazon Resource Names": partition by the Region's first part.
PARTITIONS = {"us-gov": "aws-us-gov", "cn": "aws-cn"}


@dataclass(frozen=True)
class Account:
    """Where an environment lives.

    Args:
        environment: name of the environment, such as dev.
        id: twelve-digit account id.
        region: Region name, such as us-east-1.
    """

    environment: str
    id: str
    region: str

    @property
    def partition(self) -> str:
        """Partition of the Region: aws, aws-us-gov or aws-cn."""
        return next((name for prefix, name in PARTITIONS.items() if self.region.startswith(f"{prefix}-")), "aws")

    @property
    def dns_suffix(self) -> str:
        """Domain of AWS service principals and endpoints in the partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

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

    def managed_policy_arn(self, name: str) -> str:
        """ARN of a policy that AWS manages, such as AmazonEKSWorkerNodeMinimalPolicy."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    def bucket_arn(self, name: str) -> str:
        """ARN of an S3 bucket by its name; bucket names are unique in a partition."""
        return f"arn:{self.partition}:s3:::{name}"
