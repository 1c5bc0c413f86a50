"""What a change does to a stack that is up: the preview shows no more and no less than AWS would do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.summary import Summary
from tests.stack_files import stack_file
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of, type_of
from tests.stacks.project_copy import copy_of_project, set_settings

STACK = "production"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> OfflineEngine:
    """Production up, from a copy of the program."""
    directory = tmp_path_factory.mktemp("changes")
    engine = OfflineEngine(copy_of_project(directory / "project"), directory / "home")
    engine.up(STACK)
    return engine


@pytest.fixture
def engine(up: OfflineEngine) -> Iterator[OfflineEngine]:
    """The same, with its stack file as it was for every test."""
    file = stack_file(STACK, up.project.root / "stacks")
    original = file.read_text()
    yield up
    file.write_text(original)


def after(engine: OfflineEngine, **values: object) -> Summary:
    set_settings(engine.project.root, STACK, values)
    return engine.preview(STACK)


def operations(summary: Summary) -> set[tuple[str, str, str]]:
    return {(each.operation, type_of(each.urn), name_of(each.urn)) for each in summary.changed}


def test_another_size_is_one_update_of_that_node_group(engine: OfflineEngine) -> None:
    summary = after(engine, **{"node_groups/executor-intel/size": 14})
    assert operations(summary) == {("update", NODE_GROUP, "executor-intel-nodes")}


def test_other_instance_types_replace_that_node_group_alone(engine: OfflineEngine) -> None:
    types = ["r6id.8xlarge", "r6idn.8xlarge", "i4i.8xlarge", "m6id.8xlarge", "m6idn.8xlarge", "r5d.8xlarge"]
    summary = after(engine, **{"node_groups/executor-intel/instance_types": types})
    assert operations(summary) == {("replace", NODE_GROUP, "executor-intel-nodes")}
    assert summary.changed[0].replaces == ("instanceTypes",)


def test_another_log_retention_touches_nothing_but_lifecycle_rules(engine: OfflineEngine) -> None:
    summary = after(engine, **{"log_buckets/retention_days": 300, "accept_loss": ["log_buckets.retention_days"]})
    assert {(operation, token) for operation, token, _ in operations(summary)} == {
        ("update", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    }
    assert len(summary.changed) == 4


def test_a_new_zone_moves_no_subnet_of_another(engine: OfflineEngine) -> None:
    summary = after(
        engine,
        **{
            "network/zones/us-east-1d": "100.75.0.0/16",
            "network/control_plane_zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
            "node_groups/driver-intel/zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
            "node_groups/driver-graviton/zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
        },
    )
    assert not [each for each in operations(summary) if each[0] == "replace" and "Subnet" in each[1]]
    assert ("create", "aws:ec2/subnet:Subnet", "network-nodes-us-east-1d") in operations(summary)


def test_another_vpc_range_is_refused_because_everything_would_be_replaced(engine: OfflineEngine) -> None:
    with pytest.raises(OfflineError) as refused:
        after(engine, **{"network/cidr": "10.64.0.0/20"})
    assert "network.cidr = 10.64.0.0/20" in str(refused.value)
    assert "must stay 10.48.0.0/20" in str(refused.value)


def previewed_with(engine: OfflineEngine, file: str, right: str, other: str) -> Summary:
    """A preview of a program that says something else in one of its files."""
    path: Path = engine.project.root / "components" / file
    original = path.read_text()
    assert right in original
    path.write_text(original.replace(right, other))
    try:
        return engine.preview(STACK)
    finally:
        path.write_text(original)


def test_a_changed_selector_replaces_that_workload(engine: OfflineEngine) -> None:
    summary = previewed_with(engine, "logs/manifests.py", '"fluent-bit", "log-agent"', '"fluent-bit", "log-shipper"')
    assert ("replace", "kubernetes:apps/v1:DaemonSet", "fluent-bit-agent") in operations(summary)


def test_a_changed_selector_of_a_workload_whose_claims_would_go_with_it_is_refused(engine: OfflineEngine) -> None:
    with pytest.raises(OfflineError, match=r"celeborn-master, spec\.selector.*deletes the claims of its template"):
        previewed_with(engine, "shuffle/celeborn.py", '"shuffle-master"', '"shuffle-leader"')


def test_a_changed_configuration_file_rolls_its_workload_and_no_other(engine: OfflineEngine) -> None:
    file: Path = engine.project.root / "components" / "logs" / "files" / "fluent-bit.yaml"
    original = file.read_text()
    file.write_text(f"{original}\n# changed\n")
    try:
        summary = engine.preview(STACK)
    finally:
        file.write_text(original)
    assert operations(summary) == {
        ("replace", "kubernetes:core/v1:ConfigMap", "fluent-bit-files"),
        ("update", "kubernetes:apps/v1:DaemonSet", "fluent-bit-agent"),
    }


CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"


def test_a_larger_volume_grows_each_claim_in_place(engine: OfflineEngine) -> None:
    summary = after(engine, **{"monitoring/volume_gib": 800})
    assert operations(summary) == {
        ("update", token, f"prometheus-{index}") for token in (CLAIM, STATEFUL_SET) for index in (0, 1)
    }


def test_a_smaller_volume_is_refused(engine: OfflineEngine) -> None:
    with pytest.raises(
        OfflineError, match=r"(?s)monitoring\.volume_gib = 590.*must stay 600.*a volume does not shrink"
    ):
        after(engine, **{"monitoring/volume_gib": 590})


def test_a_replica_that_is_no_longer_wanted_does_not_take_its_protected_volume_along(engine: OfflineEngine) -> None:
    with pytest.raises(OfflineError, match="deletes the second replica's volume"):
        after(engine, **{"monitoring/availability": "single"})
    with pytest.raises(OfflineError) as refused:
        after(engine, **{"monitoring/availability": "single", "accept_loss": ["monitoring.availability"]})
    for name in ("prometheus-1", "alertmanager-1"):
        assert f"{CLAIM} {name}" in str(refused.value)
    assert "protect" in str(refused.value)


def test_a_second_replica_joins_the_first_without_replacing_it(stacks: StacksThatAreUp, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    engine = stacks.copied("dev", tmp_path / "home", project)
    set_settings(project, "dev", {"monitoring/availability": "high"})
    found = operations(engine.preview("dev"))
    for name in ("prometheus", "alertmanager"):
        assert {("create", CLAIM, f"{name}-1"), ("create", STATEFUL_SET, f"{name}-1")} <= found
        assert ("update", STATEFUL_SET, f"{name}-0") in found
    assert not [each for each in found if each[1] == CLAIM and each[0] != "create"]
    assert {token for operation, token, _ in found if operation == "replace"} == {"kubernetes:core/v1:ConfigMap"}


def test_smaller_nodes_than_the_platforms_pods_need_are_refused(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    set_settings(project, "dev", {"node_groups/system/instance_types": ["m7g.large", "m6g.large"]})
    with pytest.raises(
        OfflineError, match=r"requests is .*finds no room for its pod.*3 of system-nodes offer 5130 MiB"
    ):
        OfflineEngine(project, tmp_path / "home").preview("dev")


def test_a_cluster_that_amazon_eks_upgraded_by_itself_is_not_downgraded(
    stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    project = copy_of_project(tmp_path / "project")
    engine = stacks.copied("dev", tmp_path / "home", project)
    running = engine.aws("dev", ["eks", "update-cluster-version", "--name", "moka-dev", "--kubernetes-version", "1.36"])
    assert running == "moka-dev runs at 1.36"
    with pytest.raises(OfflineError, match=r"must not be older than 1\.36, at which the cluster runs"):
        engine.preview("dev")
    with pytest.raises(OfflineError, match=r"unsupported Kubernetes minor version update from 1\.36 to 1\.38"):
        engine.aws("dev", ["eks", "update-cluster-version", "--name", "moka-dev", "--kubernetes-version", "1.38"])
    set_settings(project, "dev", {"cluster/kubernetes_version": "1.36"})
    summary = engine.preview("dev")
    assert {type_of(each.urn) for each in summary.changed} == {"aws:eks/cluster:Cluster"}
    assert summary.changed[0].operation == "update"
