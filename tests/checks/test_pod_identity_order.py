"""The order of pod identities on the real engine: a preview refuses what would come too early, before it is made."""

from pathlib import Path

import pytest

from offline.checks.judges import all_judges
from offline.checks.ledger import RefusedError
from offline.checks.order.judge import OrderJudge
from offline.engine import OfflineEngine
from tests.offline.sample import sample_in

# An association, a node group and a Deployment whose pods it is for; each waits for what is filled in.
PROGRAM = """
association = aws.eks.PodIdentityAssociation(
    "shipper", cluster_name="moka", namespace="default", service_account="shipper",
    role_arn="arn:aws:iam::123456789012:role/shipper", opts=on_aws,
)
nodes = aws.eks.NodeGroup(
    "nodes", cluster_name="moka", node_role_arn="arn:aws:iam::123456789012:role/nodes",
    subnet_ids=["subnet-0123456789abcdef1"], scaling_config={{"min_size": 1, "desired_size": 1, "max_size": 1}},
    opts=pulumi.ResourceOptions(provider=provider, depends_on={nodes_wait_for}),
)
pods = kubernetes.apps.v1.Deployment(
    "shipper",
    metadata={{"name": "shipper", "namespace": "default"}},
    spec={{
        "selector": {{"match_labels": {{"app": "shipper"}}}},
        "template": {{
            "metadata": {{"labels": {{"app": "shipper"}}}},
            "spec": {{"service_account_name": "shipper", "containers": [{{"name": "shipper", "image": "shipper:1"}}]}},
        }},
    }},
    opts=pulumi.ResourceOptions(provider=cluster, depends_on={pods_wait_for}),
)
"""


def engine(tmp_path: Path, *, nodes_wait_for: str, pods_wait_for: str) -> OfflineEngine:
    program = PROGRAM.format(nodes_wait_for=nodes_wait_for, pods_wait_for=pods_wait_for)
    return OfflineEngine(
        sample_in(tmp_path / "project", program).root, tmp_path / "home", judges=lambda: [OrderJudge()]
    )


def test_nodes_after_identities_and_pods_after_nodes_are_the_right_order(tmp_path: Path) -> None:
    engine(tmp_path, nodes_wait_for="[association]", pods_wait_for="[nodes]").up("dev")


@pytest.mark.parametrize(
    ("nodes_wait_for", "pods_wait_for", "told"),
    [
        ("[association]", "[]", ["Deployment shipper, spec.template.spec.serviceAccountName", "does not wait"]),
        ("[association]", "[association]", ["Deployment shipper", "it waits for no node group"]),
        ("[]", "[association]", ["NodeGroup nodes does not wait", "Deployment shipper", "waits for no node group"]),
        ("[]", "[nodes, association]", ["NodeGroup nodes does not wait for the association shipper"]),
    ],
)
def test_a_first_preview_refuses_what_comes_too_early_and_makes_nothing(
    tmp_path: Path, nodes_wait_for: str, pods_wait_for: str, told: list[str]
) -> None:
    wrong = engine(tmp_path, nodes_wait_for=nodes_wait_for, pods_wait_for=pods_wait_for)
    with pytest.raises(RefusedError) as refused:
        wrong.up("dev")
    assert [words for words in told if words not in str(refused.value)] == []
    assert wrong.export("dev").get("resources", []) == []


def test_the_judge_is_among_those_that_are_asked() -> None:
    assert any(isinstance(each, OrderJudge) for each in all_judges())
