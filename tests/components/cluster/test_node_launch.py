"""What is the same of every node: who may run there, what it is called, which image it boots."""

from components.account import Account
from components.cluster.node_launch import (
    image_parameter,
    instance_tags,
    kubernetes_version_of,
    node_labels,
    node_taints,
)

ACCOUNT = Account("dev", "222222222222", "us-east-1")


def test_spark_nodes_keep_other_pods_away_and_system_nodes_do_not() -> None:
    (taint,) = node_taints("spark-executor")

    assert (taint.key, taint.value, taint.effect) == ("moka/workload", "spark-executor", "NoSchedule")
    assert node_labels("spark-executor") == {"moka/workload": "spark-executor"}
    assert node_taints("system") == []


def test_instances_are_named_after_cluster_and_group() -> None:
    assert instance_tags("drivers", "spark-driver", ACCOUNT) == {
        "Name": "moka-dev-drivers",
        "moka/workload": "spark-driver",
    }


def test_a_release_names_its_image_by_minor_version_and_date() -> None:
    assert kubernetes_version_of("1.35.7-20260827") == "1.35"
    assert image_parameter("1.35.7-20260827", "arm64") == (
        "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard/"
        "amazon-eks-node-al2023-arm64-standard-1.35-v20260827/image_id"
    )
    assert "/1.34/amazon-linux-2023/x86_64/" in image_parameter("1.34.9-20260101", "x86_64")
