"""Which role the pods of a service account have, by the stack's pod identity associations."""

from local_cluster.aws.deployment import AwsResource, Deployment

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def association_of(namespace: str, service_account: str, deployment: Deployment) -> AwsResource | None:
    """The association of a service account; None where it has none."""
    wanted = (namespace, service_account)
    every = deployment.of(ASSOCIATION)
    return next((each for each in every if (each.inputs["namespace"], each.inputs["serviceAccount"]) == wanted), None)
