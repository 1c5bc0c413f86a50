"""Who reaches whom in the four stacks; and that each claim breaks with the rule on which it rests."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from components.settings import STACKS
from offline.errors import OfflineError
from offline.progress import silent
from offline.providers.resource import Resource
from offline.reachability.deployment import resources_of
from offline.reachability.errors import ReachabilityError
from offline.reachability.matrix import Matrix, matrix_of
from offline.reachability.report import BEGIN, END, as_json, text_of, with_matrix, write_into
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks import reachability_claims as claims
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.reachability_claims import CLAIMS, Claim, Expected

PAGE = STACKS.parent / "docs" / "reachability.md"
Inputs = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A stack's resources, read once, and what is expected of it."""

    resources: list[Resource]
    matrix: Matrix
    expected: Expected


@pytest.fixture(scope="session")
def made(stacks: StacksThatAreUp) -> Callable[[str], Made]:
    found: dict[str, Made] = {}

    def of(stack: str) -> Made:
        if stack not in found:
            stacks.up(stack)
            resources = resources_of(stacks.engine.export(stack), silent)
            found[stack] = Made(resources, matrix_of(resources), expected_of(stack))
        return found[stack]

    return of


def expected_of(stack: str) -> Expected:
    known = settings(stack)
    ranges = {f"cluster-api-from-{re.sub(r'[./]', '-', str(each))}" for each in known.cluster.private_access.cidrs}
    teams = {f"spark-{team}" for team in known.teams}
    return Expected(teams, known.shuffle.celeborn is not None, ranges, bool(known.cluster.public_access_cidrs))


@pytest.mark.parametrize("stack", ENVIRONMENTS)
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_in_every_stack(made: Callable[[str], Made], stack: str, claim: Claim) -> None:
    found = made(stack)
    assert list(claim(found.matrix, found.expected)) == []


def test_there_are_stacks_with_several_teams_and_with_a_shuffle_service() -> None:
    assert max(len(expected_of(each).teams) for each in ENVIRONMENTS) > 1
    assert any(expected_of(each).has_shuffle for each in ENVIRONMENTS)
    assert any(expected_of(each).private_ranges for each in ENVIRONMENTS)
    assert any(expected_of(each).is_public for each in ENVIRONMENTS)


@dataclass(frozen=True)
class Mistake:
    """A change of a stack's rules that one claim must notice.

    Args:
        claim: that notices.
        what: is wrong then.
        names: logical names of the resources; a regular expression.
        change: what is done to their inputs; None takes them away.
        stack: where.
    """

    claim: Claim
    what: str
    names: str
    change: Callable[[Inputs], object] | None = None
    stack: str = "production"


def give(path: str, value: Any) -> Callable[[Inputs], object]:
    """Sets one value of inputs, at a path of keys and numbers."""

    def change(inputs: Inputs) -> None:
        *steps, last = (int(each) if each.isdigit() else each for each in path.split("."))
        place: Any = inputs
        for step in steps:
            place = place[step]
        place[last] = value

    return change


NAME = "kubernetes.io/metadata.name"
EVERYBODY: list[Inputs] = []
OPEN = [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
ANY_POD_OF_ANY_NAMESPACE = [{"namespaceSelector": {}}]
MISTAKES = (
    Mistake(
        claims.a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
        "a team's namespace without its policy",
        "spark-ingest-ingress",
    ),
    Mistake(
        claims.a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
        "a team's policy for some pods alone",
        "spark-ingest-ingress",
        give("spec.podSelector", {"matchLabels": {"spark-role": "driver"}}),
    ),
    Mistake(
        claims.a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
        "a team's policy that admits every namespace",
        "spark-ingest-ingress",
        give("spec.ingress.0.from", ANY_POD_OF_ANY_NAMESPACE),
    ),
    Mistake(
        claims.a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
        "collectors' policy that admits addresses",
        "spark-analytics-drivers",
        give("spec.ingress.0.from", OPEN),
    ),
    Mistake(
        claims.a_teams_pods_are_reached_from_its_own_namespace_and_by_collectors,
        "policies that the CNI does not carry out",
        "cluster-vpc-cni",
        give("configurationValues", "{}"),
    ),
    Mistake(
        claims.drivers_and_executors_of_a_namespace_reach_each_other,
        "a team's policy that admits nobody",
        "spark-ingest-ingress",
        give("spec.ingress", []),
    ),
    Mistake(
        claims.drivers_and_executors_of_a_namespace_reach_each_other,
        "nodes that are closed to each other",
        "cluster-nodes-from-nodes",
    ),
    Mistake(
        claims.every_pod_reaches_the_services_that_it_needs,
        "no rule for the agent's address",
        "scheduler-egress",
        give("spec.egress", [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}]}]),
    ),
    Mistake(
        claims.every_pod_reaches_the_services_that_it_needs,
        "service addresses left out",
        "spark-ingest-egress",
        give("spec.egress.0.to.0.ipBlock.except", ["169.254.0.0/16", "172.20.0.0/16"]),
    ),
    Mistake(claims.every_pod_reaches_the_services_that_it_needs, "no HTTPS out", "cluster-nodes-to-https"),
    Mistake(claims.every_pod_reaches_the_services_that_it_needs, "an API server for nobody", "cluster-api-from-nodes"),
    Mistake(
        claims.every_pod_reaches_the_services_that_it_needs,
        "endpoints that a zone's pods do not reach",
        "network-endpoints-us-east-1c",
    ),
    Mistake(
        claims.every_pod_reaches_the_services_that_it_needs,
        "a shuffle service for one team",
        "celeborn-worker-applications",
        give(
            "spec.ingress.0.from",
            [{"namespaceSelector": {"matchLabels": {NAME: "spark-ingest"}}}],
        ),
    ),
    Mistake(
        claims.webhooks_are_reached_by_the_api_server_and_by_nobody_else_outside,
        "no rule from the control plane",
        "cluster-nodes-from-control-plane-9443",
    ),
    Mistake(
        claims.webhooks_are_reached_by_the_api_server_and_by_nobody_else_outside,
        "a webhook for everybody",
        "spark-operator-webhook",
        give("spec.ingress.0.from", EVERYBODY),
    ),
    Mistake(
        claims.only_teams_reach_the_shuffle_service,
        "a shuffle service for all namespaces",
        "celeborn-master-applications",
        give("spec.ingress.0.from", ANY_POD_OF_ANY_NAMESPACE),
    ),
    Mistake(
        claims.no_pod_reaches_instance_metadata,
        "a hop more on one node group",
        "driver-intel-nodes",
        give("metadataOptions.httpPutResponseHopLimit", 2),
    ),
    Mistake(
        claims.no_pod_reaches_instance_metadata,
        "tokens that one node class does not require",
        "elastic-executors-graviton-nodes",
        give("spec.metadataOptions.httpTokens", "optional"),
    ),
    Mistake(
        claims.no_pod_reaches_instance_metadata,
        "link-local addresses for a team",
        "spark-ingest-egress",
        give("spec.egress.1.to.0.ipBlock.cidr", "169.254.0.0/16"),
    ),
    Mistake(
        claims.no_pod_reaches_instance_metadata,
        "nothing left out",
        "monitoring-egress",
        give("spec.egress.0.to", OPEN),
    ),
    Mistake(
        claims.pods_and_nodes_reach_the_outside_by_https_alone_and_each_rule_says_why,
        "a group that lets everything out",
        "cluster-nodes-to-https",
        give("ipProtocol", "-1"),
    ),
    Mistake(
        claims.pods_and_nodes_reach_the_outside_by_https_alone_and_each_rule_says_why,
        "no reason",
        "spark-ingest-egress",
        give("metadata.annotations", {}),
    ),
    Mistake(
        claims.pods_and_nodes_reach_the_outside_by_https_alone_and_each_rule_says_why,
        "a rule more",
        "scheduler-admission",
        give("spec.ingress.0.from", OPEN),
    ),
    Mistake(
        claims.from_outside_only_listed_ranges_reach_the_api_server,
        "nodes that everybody reaches",
        "cluster-nodes-from-control-plane-10250",
        lambda inputs: inputs.update(cidrIpv4="0.0.0.0/0", referencedSecurityGroupId=None),
    ),
    Mistake(
        claims.from_outside_only_listed_ranges_reach_the_api_server,
        "a public endpoint for everybody",
        "cluster-eksCluster",
        give("vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]),
        "dev",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_a_claim_breaks_with(made: Callable[[str], Made], mistake: Mistake) -> None:
    found = made(mistake.stack)
    changed = [each for each in found.resources if re.fullmatch(mistake.names, each.name) and meant(each)]
    assert len(changed) == 1, [each.urn for each in changed]
    resources = [each for each in found.resources if each is not changed[0]]
    if mistake.change:
        inputs = deepcopy(changed[0].inputs)
        mistake.change(inputs)
        resources.append(replace(changed[0], inputs=inputs))
    assert list(mistake.claim(matrix_of(resources), found.expected)) != []


def meant(resource: Resource) -> bool:
    """Whether a resource is of a kind that rules on connections."""
    kinds = ("NetworkPolicy", "SecurityGroupIngressRule", "SecurityGroupEgressRule", "LaunchTemplate", "EC2NodeClass")
    return resource.type.rpartition(":")[2] in {*kinds, "Addon", "Cluster"}


def test_every_claim_is_shown_to_break() -> None:
    assert {each.claim for each in MISTAKES} == set(CLAIMS)


def test_the_page_shows_the_dev_stacks_matrix(made: Callable[[str], Made]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_matrix(page, made("dev").matrix) == page, "the matrix is old: run make reachability"


def test_json_has_every_pair_and_what_keeps_it_closed(made: Callable[[str], Made]) -> None:
    matrix = made("production").matrix
    found = json.loads(as_json(matrix))
    pairs = {(each.source.name, each.target.name) for each in matrix.verdicts()}
    assert {(each["source"], each["target"]) for each in found["open"] + found["closed"]} == pairs
    assert len(found["open"]) + len(found["closed"]) == len(pairs)
    assert all(each["closed_by"] for each in found["closed"])
    scrape = {"source": "monitoring/otel-agent", "target": "celeborn/celeborn-master"}
    (opened,) = [each for each in found["open"] if scrape.items() <= each.items()]
    assert opened["ports"] == opened["certain_ports"] == [{"protocol": "TCP", "first": 9098, "last": 9098}]
    assert "celeborn/celeborn-master-scrapes" in opened["rules"]
    assert found["wide_rules"]["cluster-nodes-to-https"]


def test_people_see_each_target_once_and_by_which_rule_it_is_reached(made: Callable[[str], Made]) -> None:
    text = text_of(made("production").matrix)
    assert "    TCP 9097 from spark-analytics, spark-ingest (celeborn/celeborn-master-applications)" in text
    assert "    TCP 443 from every pod, nodes (cluster-api-from-nodes)" in text
    closed = "closed by egress policies and metadata options"
    assert closed in text.partition("to instance metadata\n")[2].partition("\nto ")[0]
    headings = [line for line in text.splitlines() if line.startswith("to ")]
    assert len(headings) == len(set(headings))


def test_a_file_without_marks_is_left_as_it_is(made: Callable[[str], Made], tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n{BEGIN}\n", encoding="utf-8")
    with pytest.raises(OfflineError, match=re.escape(END)):
        write_into(file, made("dev").matrix)
    assert file.read_text(encoding="utf-8") == f"before\n{BEGIN}\n"


def test_nodes_of_which_some_have_other_groups_are_refused(made: Callable[[str], Made]) -> None:
    found = made("dev")
    template = next(each for each in found.resources if each.type.endswith(":LaunchTemplate"))
    other = replace(template, inputs=template.inputs | {"vpcSecurityGroupIds": ["sg-other"]})
    with pytest.raises(ReachabilityError, match="nodes have different security groups"):
        matrix_of([other if each is template else each for each in found.resources])


def test_the_command_prints_the_matrix_and_ends_well() -> None:
    command = [sys.executable, "-m", "offline", "reachability", "test", "--json"]
    done = subprocess.run(command, cwd=STACKS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["open"]
