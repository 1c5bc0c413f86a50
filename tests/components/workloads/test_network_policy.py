"""What holds for every namespace of the program, and the reason that it gives."""

import pulumi

from components.workloads.network_policy import REASON_KEY, bound_namespace
from offline.reachability.policy import REASON
from tests.components.workloads.pods import NETWORK_POLICY, openings
from tests.recorder import record


def test_a_namespace_is_bound_both_ways_and_says_why_its_egress_is_wide() -> None:
    def build() -> None:
        owner = pulumi.ComponentResource("moka:index:Owner", "space")
        bound_namespace("space", "space", opts=pulumi.ResourceOptions(parent=owner))

    recorded = record(build)
    assert openings(recorded) == []
    outward = recorded.named(NETWORK_POLICY, "space-egress").inputs["metadata"]
    assert outward["namespace"] == "space"
    assert "link-local" in outward["annotations"][REASON_KEY]


def test_the_reason_stands_where_the_matrix_reads_it() -> None:
    assert REASON_KEY == REASON
