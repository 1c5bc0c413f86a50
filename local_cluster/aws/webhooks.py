"""The webhooks that Amazon EKS has in its control plane: authentication and pod identity."""

from local_cluster.aws import authentication, pod_identity
from local_cluster.aws.authentication import Authentication
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.pod_identity import PodIdentityAdmission
from local_cluster.aws.tokens import Tokens
from local_cluster.directory import ClusterDirectory
from local_cluster.server import Server
from local_cluster.webhooks import serve_webhooks


def serve_aws_webhooks(directory: ClusterDirectory, file: DeploymentFile, port: int) -> Server:
    """Serve them; a port of 0 is any."""
    reviews = {
        authentication.PATH: Authentication(Tokens(directory), file).review,
        pod_identity.PATH: PodIdentityAdmission(file).review,
    }
    return serve_webhooks(directory, "aws-webhooks", port, reviews)
