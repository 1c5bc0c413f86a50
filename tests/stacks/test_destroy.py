"""docs/operations/destroying.md, with buckets full of logs, and how an environment comes up again after it."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from components.settings_error import SettingsError
from offline.engine import OfflineEngine
from offline.errors import OfflineError, ProtectedError
from tests.stack_files import settings
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import classes, name_of, type_of
from tests.stacks.project_copy import PROJECT, copy_of_project, set_settings

PAGE = (PROJECT / "docs" / "operations" / "destroying.md").read_text()
# What the page says to write into each environment's file first, by the words that say it.
FIRST: Mapping[str, Mapping[str, Any]] = {
    "test": {},
    "dev": {"log_buckets/on_destroy": "empty"},
    "staging": {"protect": False, "log_buckets/on_destroy": "empty"},
}
BUCKET = "aws:s3/bucket:Bucket"


def ready_to_go(stacks: StacksThatAreUp, stack: str, directory: Path) -> OfflineEngine:
    """An engine on a copy of a stack that is up, after the change and the one `up` that the page asks for."""
    project = copy_of_project(directory / "project")
    engine = stacks.copied(stack, directory / "home", project)
    if FIRST[stack]:
        set_settings(project, stack, FIRST[stack])
        engine.up(stack)
    return engine


def test_the_page_says_what_is_done_here() -> None:
    for stack, values in FIRST.items():
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{stack}`")]
        for path, value in values.items():
            word = {True: "true", False: "false"}.get(value, value)
            assert f"`{path.replace('/', '.')}: {word}`" in row, row
    assert "| `production` | never" in PAGE


@pytest.mark.parametrize("stack", ["test", "dev", "staging"])
def test_an_environment_full_of_logs_is_destroyed_to_nothing_in_order(
    stacks: StacksThatAreUp, tmp_path: Path, stack: str
) -> None:
    engine = ready_to_go(stacks, stack, tmp_path)
    summary = engine.destroy(stack, buckets_are_filled=True)
    assert sum(summary.resources.values()) == 0
    order = [change.urn for change in summary.changed]
    for (first, goes_first), (later, goes_later) in pairwise(classes(order).items()):
        last = max(order.index(urn) for urn in goes_first)
        assert last < min(order.index(urn) for urn in goes_later), f"{first} must be gone before {later}"


@pytest.mark.parametrize("stack", ["dev", "staging", "production"])
def test_without_the_first_step_nothing_is_deleted(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    before = len(stacks.engine.export(stack)["resources"])
    with pytest.raises(ProtectedError) as refused:
        stacks.engine.destroy(stack, buckets_are_filled=True)
    for name in ("spark-logs", "spark-events", "system-logs", "access-logs"):
        assert f"{BUCKET} {name}" in str(refused.value)
    assert len(stacks.engine.export(stack)["resources"]) == before


@pytest.mark.parametrize("protect", [True, False])
def test_production_is_never_emptied_by_a_setting(protect: bool) -> None:
    with pytest.raises(SettingsError, match="must be keep or refuse in production"):
        settings("production", lambda tree: tree.update(protect=protect, log_buckets={"on_destroy": "empty"}))


def test_an_environment_comes_up_again_after_the_command_that_the_page_names(
    stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    (command,) = set(re.findall(r"^aws (logs delete-log-group .*)$", PAGE, re.MULTILINE))
    engine = ready_to_go(stacks, "test", tmp_path)
    engine.destroy("test", buckets_are_filled=True)
    with pytest.raises(OfflineError, match="ResourceAlreadyExistsException"):
        engine.up("test")
    assert "is deleted" in engine.aws("test", command.replace("moka-dev", "moka-test").split())
    assert sum(engine.up("test").resources.values()) == sum(stacks.up("test").resources.values())


def test_nothing_but_the_control_planes_log_group_is_in_the_way_of_the_next_up(
    stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    engine = ready_to_go(stacks, "dev", tmp_path)
    engine.destroy("dev", buckets_are_filled=True)
    assert {each.identifier for each in engine.left_over("dev")} == {"/aws/eks/moka-dev/cluster"}


@pytest.mark.parametrize("stack", ["dev", "production"])
def test_every_claim_is_of_the_class_that_holds_the_driver(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    resources = stacks.engine.export(stack)["resources"]
    (kind,) = [each for each in resources if type_of(each["urn"]).endswith(":VolumeAttributesClass")]
    assert any("aws-ebs-csi-driver" in name_of(urn) for urn in kind["dependencies"])
    claims = [claim for each in resources for claim in claims_of(each)]
    assert claims, "something keeps data on volumes"
    for claim in claims:
        assert claim.get("volumeAttributesClassName") == kind["inputs"]["metadata"]["name"], claim


def claims_of(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Specs of the claims that a resource is or makes, but for those bound to a volume that stands."""
    spec = resource.get("inputs", {}).get("spec") or {}
    found = [spec] if type_of(resource["urn"]).endswith(":PersistentVolumeClaim") else []
    if type_of(resource["urn"]).endswith(":StatefulSet"):
        found = [each["spec"] for each in spec.get("volumeClaimTemplates") or []]
    return [each for each in found if each.get("storageClassName") != ""]
