"""docs/operations/disaster.md on the real engine: a state that is lost, and a cluster that somebody deleted."""

import subprocess
from pathlib import Path

import pytest

from offline.engine import OfflineEngine
from offline.errors import EngineError, OfflineError
from tests.offline.sample import sample_in
from tests.operations.marked import carry_out
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import type_of
from tests.stacks.project_copy import PROJECT

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
# Of what the cluster takes along when it goes; everything else of AWS stays.
OF_THE_CLUSTER = "aws:eks/"
NAMED = """
bucket = aws.s3.Bucket("logs", bucket="sample-logs", opts=on_aws)
repository = aws.ecr.Repository("spark", name="sample/spark", opts=on_aws)
"""


def typed(engine: OfflineEngine, stack: str, directory: Path, words: list[str]) -> str:
    """Carry out a line of the page; its files lie in a directory."""
    if words[0] == "sed":
        _, script, source, _, target = words
        done = subprocess.run(["sed", script, directory / source], capture_output=True, text=True, check=True)
        (directory / target).write_text(done.stdout)
        return ""
    assert words[0] == "pulumi", words
    return engine.pulumi(stack, [str(directory / each) if each.endswith(".json") else each for each in words[1:]])


def test_without_its_state_a_stack_ends_at_names_that_are_taken_and_a_copy_brings_it_back(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "project", NAMED)
    engine = OfflineEngine(sample.root, tmp_path / "home", judges=tuple)
    engine.up("dev")
    engine.pulumi("dev", ["stack", "export", "--stack", "dev", "--file", str(tmp_path / "state.json")])
    engine.pulumi("dev", ["stack", "rm", "dev", "--force", "--preserve-config", "--yes"])
    assert {each.identifier for each in engine.left_over("dev")} == {"sample-logs", "sample/spark"}
    with pytest.raises(EngineError, match=r"sample.* is in the account already"):
        engine.up("dev")
    carry_out("copy of a state", lambda words: typed(engine, "dev", tmp_path, words))
    assert engine.left_over("dev") == (), "the stack owns them again"


def test_a_cluster_that_somebody_deleted_is_made_again_and_nothing_but_what_was_in_it(
    stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    home = stacks.copied("dev", tmp_path / "home").home
    engine = OfflineEngine(PROJECT, home, judges=tuple)
    before = {each["urn"]: each.get("id") for each in engine.export("dev")["resources"]}
    for urn, identifier in before.items():
        if type_of(urn) == NODE_GROUP:
            cluster, _, name = str(identifier).partition(":")
            engine.aws("dev", ["eks", "delete-nodegroup", "--cluster-name", cluster, "--nodegroup-name", name])
    engine.aws("dev", ["eks", "delete-cluster", "--name", "moka-dev"])
    with pytest.raises(EngineError, match="unreachable cluster"):
        engine.refresh("dev")
    remaining: set[str] = set()

    def run(words: list[str]) -> str:
        if words[1] == "up":
            remaining.update(each["urn"] for each in engine.export("dev")["resources"])
        return typed(engine, "dev", tmp_path, words)

    carry_out("cluster", run)
    assert {each["urn"] for each in engine.export("dev")["resources"]} == before.keys()
    gone = {type_of(urn) for urn in before.keys() - remaining}
    assert NODE_GROUP in gone
    assert "aws:eks/cluster:Cluster" in gone
    assert [each for each in gone if not each.startswith((OF_THE_CLUSTER, "kubernetes:"))] == []
    assert not [urn for urn in remaining if type_of(urn).startswith("kubernetes:")]


def cluster_with_a_group(tmp_path: Path, *, protection: bool) -> OfflineEngine:
    body = f"""
    settings = {{"subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]}}
    role = "arn:aws:iam::123456789012:role/spark"
    cluster = aws.eks.Cluster(
        "cluster", name="moka", role_arn=role, vpc_config=settings, deletion_protection={protection}, opts=on_aws
    )
    aws.eks.NodeGroup(
        "group", cluster_name=cluster.name, node_group_name="spark", node_role_arn=role,
        subnet_ids=settings["subnet_ids"], scaling_config={{"min_size": 1, "max_size": 1, "desired_size": 1}},
        opts=on_aws,
    )
    """
    engine = OfflineEngine(sample_in(tmp_path / "project", body).root, tmp_path / "home", judges=tuple)
    engine.up("dev")
    return engine


DELETE = ["eks", "delete-cluster", "--name", "moka"]
DELETE_GROUP = ["eks", "delete-nodegroup", "--cluster-name", "moka", "--nodegroup-name", "spark"]


def test_a_cluster_goes_after_its_node_groups_and_once(tmp_path: Path) -> None:
    engine = cluster_with_a_group(tmp_path, protection=False)
    with pytest.raises(OfflineError, match=r"ResourceInUseException.*moka:spark"):
        engine.aws("dev", DELETE)
    engine.aws("dev", DELETE_GROUP)
    engine.aws("dev", DELETE)
    for again in (DELETE, DELETE_GROUP):
        with pytest.raises(OfflineError, match="ResourceNotFoundException"):
            engine.aws("dev", again)
    assert dict(engine.refresh("dev").changes)["delete"] == 2
    assert dict(engine.up("dev").changes)["create"] == 2
    assert not engine.refresh("dev").has_changes, "it stands again"


def test_a_cluster_under_deletion_protection_is_not_deleted(tmp_path: Path) -> None:
    engine = cluster_with_a_group(tmp_path, protection=True)
    engine.aws("dev", DELETE_GROUP)
    with pytest.raises(OfflineError, match="deletion protection is on"):
        engine.aws("dev", DELETE)
