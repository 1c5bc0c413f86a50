"""Every path in the agents' files exists in their pods, whatever a node lacks: one missing source stops no other."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from components.cluster.node_config import temporary_files_rules
from components.logs import cluster_events
from components.logs.fluent_bit import FILES
from tests.components.logs.agent import DAEMON_SET, build
from tests.components.logs.test_cluster_events import DEPLOYMENT
from tests.components.logs.test_cluster_events import build as build_events
from tests.components.workloads.pods import pod
from tests.recorder import Recorder

# The kubelet makes it before any pod's log, the agent's own among them. Source: Kubernetes, pkg/kubelet/kubelet.go.
MADE_BY_KUBELET = "/var/log/pods"
BOOTED = {rule.split()[1] for rule in temporary_files_rules().splitlines()}
WRITTEN = {"db", "store_dir", "storage.path"}
PROGRAMS = {"fluent-bit.yaml": (build, DAEMON_SET), cluster_events.FILE: (build_events, DEPLOYMENT)}

FILE = pytest.mark.parametrize("file", PROGRAMS)


def inputs(file: str) -> list[dict[str, Any]]:
    return yaml.safe_load((FILES / file).read_text())["pipeline"]["inputs"]


def directories(source: dict[str, Any]) -> set[str]:
    """The directories that an input looks into, as far as no pattern begins."""
    patterns = [PurePosixPath(each) for each in source.get("path", "").split(",") if each]
    return {str(PurePosixPath(*takewhile(lambda part: "*" not in part, each.parts))) for each in patterns}


def mounts(file: str) -> dict[str, tuple[dict[str, Any], bool]]:
    """Path in the agent's container to the volume that lies there, and whether it can be written."""
    make, kind = PROGRAMS[file]
    recorded: Recorder = make()
    spec = pod(recorded.only(kind))
    named = {each["name"]: each for each in spec["volumes"]}
    return {
        each["mountPath"]: (named[each["name"]], not each["readOnly"]) for each in spec["containers"][0]["volumeMounts"]
    }


def made_if_missing(file: str) -> set[str]:
    """Paths in the container that the kubelet makes on the node, at the same place, before the container starts."""
    return {
        path
        for path, (volume, _) in mounts(file).items()
        if volume.get("hostPath") == {"path": path, "type": "DirectoryOrCreate"}
    }


def values(tree: Any, names: set[str]) -> Iterator[str]:
    """Texts under these names, at any depth."""
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if name in names:
            yield value
        elif isinstance(value, dict | list):
            yield from values(value, names)


@FILE
def test_every_directory_that_an_input_reads_is_made_by_the_pod_the_boot_script_or_the_kubelet(file: str) -> None:
    there = {MADE_BY_KUBELET, *BOOTED, *made_if_missing(file)}
    assert {each for source in inputs(file) for each in directories(source)} <= there


@FILE
def test_an_input_that_ends_the_agent_without_its_directory_reads_one_that_every_pod_has(file: str) -> None:
    # An input of files by pattern waits for them. Of any other it is not known, and of the journal's that it ends all.
    strict = [source for source in inputs(file) if source["name"] != "tail"]
    assert {each for source in strict for each in directories(source)} <= made_if_missing(file)


@FILE
def test_what_an_agent_writes_lies_on_a_volume_that_it_may_write(file: str) -> None:
    writable = {path for path, (_, may_write) in mounts(file).items() if may_write}
    config = yaml.safe_load((FILES / file).read_text())
    written = list(values(config, WRITTEN))
    assert written
    assert all(any(Path(each).is_relative_to(path) for path in writable) for each in written)


def test_positions_lie_in_the_volumes_own_directory_because_the_agent_makes_no_other_for_them() -> None:
    config = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
    assert {str(Path(each).parent) for each in values(config, {"db"})} <= made_if_missing("fluent-bit.yaml")
