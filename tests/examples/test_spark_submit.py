"""The script submits what the SparkApplications are, with the same variants."""

import json
import os
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.components.shuffle.known import celeborn_knows
from tests.components.spark.test_defaults import is_known
from tests.examples.applications import ARCHITECTURES, EXAMPLES, NAMES, application, variants

_SIZES = {"cores": "cores", "memory": "memory", "memoryOverhead": "memoryOverhead", "instances": "instances"}
_ANNOTATION = "spark.kubernetes.driver.annotation.yunikorn.apache.org/"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with a Spark that prints what it is told, and a team's defaults."""
    (tmp_path / "bin").mkdir()
    for name, text in {"spark-submit": 'printf "%s\\n" "$@"', "kubectl": "printf https://api.example"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    lines = (f"spark.kubernetes.{role}.node.selector.moka/workload spark\n" for role in ("driver", "executor"))
    (tmp_path / "spark-defaults.conf").write_text("".join(lines))
    return tmp_path


def submit(place: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    variables = {
        **os.environ,
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "SPARK_HOME": str(place),
        "SPARK_CONF_DIR": str(place),
    }
    script = str(EXAMPLES / "spark-submit.sh")
    return subprocess.run(["bash", script, *words], env=variables, capture_output=True, text=True, check=False)


def given(place: Path, *words: str) -> tuple[dict[str, str], list[str]]:
    """Settings, and the program with its arguments."""
    done = submit(place, *words)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[:4] == ["--master", "k8s://https://api.example", "--deploy-mode", "cluster"]
    settings = [each.split("=", 1) for flag, each in pairwise(said) if flag == "--conf"]
    assert len(dict(settings)) == len(settings), "no setting is given twice"
    last = max(index for index, each in enumerate(said) if each == "--conf")
    return dict(settings), said[last + 2 :]


@pytest.mark.parametrize("variant", tuple(variants()), ids="+".join)
def test_it_submits_what_the_operator_would(place: Path, variant: tuple[str, ...]) -> None:
    conf, program = given(place, *variant)
    spec: dict[str, Any] = application(*variant)["spec"]
    assert program == [spec["mainApplicationFile"], *spec["arguments"]]
    assert conf["spark.kubernetes.container.image"] == spec["image"]
    for role in ("driver", "executor"):
        sizes = {f"spark.{role}.{key}": str(spec[role][name]) for name, key in _SIZES.items() if name in spec[role]}
        selector = {"moka/workload": "spark", **spec[role].get("nodeSelector", {})}
        sizes |= {f"spark.kubernetes.{role}.node.selector.{key}": value for key, value in selector.items()}
        assert sizes.items() <= conf.items()
    assert spec.get("sparkConf", {}).items() <= conf.items()
    assert [key for key in conf if not (is_known(key) or celeborn_knows(key))] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("architecture", [(), *((each,) for each in ARCHITECTURES)])
def test_a_gang_has_a_place_for_each_pod_of_its_size_on_its_nodes(
    place: Path, name: str, architecture: tuple[str, ...]
) -> None:
    conf, _ = given(place, name, *architecture, "in-a-gang")
    groups = json.loads(conf[f"{_ANNOTATION}task-groups"])
    spec = application(name, *architecture)["spec"]
    assert [each["minMember"] for each in groups] == [1, spec["executor"]["instances"]]
    for role, group in zip(("driver", "executor"), groups, strict=True):
        assert group["name"] == conf[f"spark.kubernetes.{role}.annotation.yunikorn.apache.org/task-group-name"]
        pod = spec[role]
        mib = int(pod["memory"].rstrip("g")) * 1024
        # Spark gives applications in Python four tenths more, unless told otherwise.
        overhead = int(pod["memoryOverhead"].rstrip("g")) * 1024 if "memoryOverhead" in pod else int(mib * 0.4)
        assert group["minResource"] == {"cpu": str(pod["cores"]), "memory": f"{mib + overhead}Mi"}
        assert group["nodeSelector"] == {"moka/workload": "spark", **pod.get("nodeSelector", {})}
        assert [each["value"] for each in group["tolerations"]] == ["spark"]


def test_places_of_a_gang_are_on_the_nodes_of_its_pods(place: Path) -> None:
    conf, _ = given(place, "store-sales", "in-a-gang", "driver-on-demand")
    groups = json.loads(conf[f"{_ANNOTATION}task-groups"])
    assert [each["nodeSelector"]["moka/workload"] for each in groups] == ["spark-driver", "spark-executor"]
    assert conf["spark.kubernetes.driver.node.selector.moka/workload"] == "spark-driver"


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "name word-count or store-sales"), (("count",), "neither"), (("word-count", "on-arm"), "on-arm is none of")],
)
def test_wrong_words_are_named(place: Path, words: tuple[str, ...], said: str) -> None:
    done = submit(place, *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert done.stdout == ""
