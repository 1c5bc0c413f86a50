"""Who the log workloads are to AWS: the service accounts of their pods, in roles that the buckets' policies name."""

from components.buckets.writers import WRITERS
from tests.components.logs.agent import ACCOUNT
from tests.recorder import Recorder

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ROLE = "aws:iam/role:Role"


def test_the_agents_the_shipper_and_the_canarys_checker_have_a_role_and_the_writer_has_none(
    identities: Recorder,
) -> None:
    found = {
        each.name: (each.inputs["namespace"], each.inputs["serviceAccount"]) for each in identities.of(ASSOCIATION)
    }
    assert found == {
        "fluent-bit-pod": ("logging", "fluent-bit"),
        "cluster-events-pod": ("logging", "kubernetes-events"),
        "log-canary-pod": ("log-canary", "log-canary-checker"),
    }
    assert {each.inputs["clusterName"] for each in identities.of(ASSOCIATION)} == {"moka-dev"}


def test_the_buckets_policies_count_their_roles_among_the_writers(identities: Recorder) -> None:
    arns = {
        name: f"arn:aws:iam::{ACCOUNT.id}:role/{identities.named(ROLE, f'{name}-pod').inputs['name']}"
        for name in ("fluent-bit", "cluster-events", "log-canary")
    }
    for purpose, writers in WRITERS.items():
        assert arns["fluent-bit"] in writers.arns(ACCOUNT), purpose
        assert (arns["cluster-events"] in writers.arns(ACCOUNT)) == (purpose == "system-logs")
        assert arns["log-canary"] not in writers.arns(ACCOUNT)
