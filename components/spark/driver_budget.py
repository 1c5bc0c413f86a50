"""What keeps Spark drivers alive while nodes are drained: an application ends with its driver.

Leaves out nodes that die, and Spot interruptions, which ask nobody.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF

NAME = "spark-drivers"
# As Spark itself labels the pods of a driver.
DRIVER_LABELS = {"spark-role": "driver"}
# Pods without a controller take a minimum only, and only as a number. A million drivers never run, so none may go.
MORE_DRIVERS_THAN_RUN = 1_000_000


def keep_drivers(
    name: str, namespace: pulumi.Input[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.policy.v1.PodDisruptionBudget:
    """Let no drain evict a driver: it waits until the application has ended, or gives up and says whose driver it was.

    Amazon EKS gives up after fifteen minutes, and a node group's update can be started again.

    Args:
        name: logical name of the component that makes it.
        namespace: namespace of the applications.
        opts: options of the resource.

    Source: Kubernetes documentation, "Specifying a Disruption Budget for your Application", arbitrary workloads; Amazon
    EKS user guide, "Understand each phase of node updates".
    """
    return kubernetes.policy.v1.PodDisruptionBudget(
        f"{name}-drivers",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=NAME, namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        ),
        spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
            min_available=MORE_DRIVERS_THAN_RUN,
            selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=DRIVER_LABELS),
        ),
        opts=opts,
    )
