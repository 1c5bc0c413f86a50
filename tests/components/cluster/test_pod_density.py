"""How many pods an instance carries follows from its interfaces and their addresses."""

import pytest

from components.cluster.instance_type import instance_type, known_types
from components.cluster.pod_density import carried_pods, most_pods


@pytest.mark.parametrize(
    ("name", "carried", "most"),
    [
        # Without prefixes: these are the numbers of amazon-vpc-cni-k8s, misc/eni-max-pods.txt.
        ("i3.2xlarge", 58, 58),
        ("d2.xlarge", 58, 58),
        ("m4.large", 20, 20),
        # With them: sixteen for each address that an interface could take beside its own, and two on the host's.
        ("m7g.medium", 98, 98),
        ("m7g.large", 434, 110),
        ("d3.xlarge", 130, 110),
        ("m6id.4xlarge", 3714, 110),
        ("r7gd.8xlarge", 3714, 250),
        # Sixteen interfaces on two network cards, of which the VPC CNI uses the first one's eight.
        ("c6in.32xlarge", 6274, 250),
    ],
)
def test_pods_are_bounded_by_interfaces_and_by_what_amazon_eks_recommends(name: str, carried: int, most: int) -> None:
    assert (carried_pods(instance_type(name)), most_pods(instance_type(name))) == (carried, most)


def test_no_type_carries_more_than_its_interfaces_address() -> None:
    for each in known_types().values():
        assert 0 < most_pods(each) <= carried_pods(each)
