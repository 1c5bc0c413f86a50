"""How configuration files and variables reach the programs, and that no secret does."""

import json
import re

from components.monitoring.rules import ADDRESS_PLAN
from components.monitoring.workloads import FILES
from tests.components.monitoring.environment import (
    DAEMON_SET,
    DEPLOYMENT,
    replicas,
)
from tests.components.workloads.pods import (
    CONFIG_MAP,
    containers,
    pod,
    referenced_variables,
    variables,
    workloads,
)
from tests.recorder import Recorder

# Files that hold what settings and other resources decide; their own tests say how.
MADE = {ADDRESS_PLAN, "alertmanager.yaml"}


def test_config_files_are_mounted_as_they_are_and_a_change_rolls_the_pods(any_shape: Recorder) -> None:
    files = {file.name: file.read_text() for file in FILES.rglob("*") if file.is_file()}
    for config_map in any_shape.of(CONFIG_MAP):
        assert "name" not in config_map.inputs["metadata"]
        assert config_map.inputs["immutable"] is True
        for name, text in config_map.inputs["data"].items():
            if name not in MADE:
                assert text == files[name], name
        generated = f"{config_map.name}-1a2b3c4d"
        users = [
            workload.name
            for workload in workloads(any_shape)
            for volume in pod(workload).get("volumes", [])
            if volume.get("configMap", {}).get("name") == generated
        ]
        assert users, f"nobody mounts {config_map.name}"


def test_every_variable_of_a_file_is_set_and_no_other(any_shape: Recorder) -> None:
    used: dict[str, set[str]] = {
        name: referenced_variables(
            [
                FILES / "collectors" / argument.rpartition("/")[2]
                for argument in containers(any_shape.named(kind, name))[0]["args"]
                if argument.startswith("--config=")
            ],
            r"\$\{env:([A-Z0-9_]+)\}",
        )
        for kind, name in ((DAEMON_SET, "collectors-agent"), (DEPLOYMENT, "collectors-cluster"))
    }
    used["prometheus"] = referenced_variables([FILES / "prometheus.yaml"])
    used["alertmanager"] = referenced_variables([FILES / "alertmanager.yaml"])
    for workload in workloads(any_shape):
        if workload.name in used:
            assert used[workload.name] == set(variables(containers(workload)[0])), workload.name


def test_the_rules_lie_where_prometheus_looks_for_them(small: Recorder) -> None:
    volume = next(each for each in pod(replicas(small, "prometheus")[0])["volumes"] if each["name"] == "config")
    paths = {each["key"]: each["path"] for each in volume["configMap"]["items"]}
    expected = [file.name for file in (FILES / "rules").iterdir()] + [ADDRESS_PLAN]
    assert paths == {"prometheus.yaml": "prometheus.yaml", **{name: f"rules/{name}" for name in expected}}


def test_no_secret_is_in_any_object(any_shape: Recorder) -> None:
    assert not any_shape.of("kubernetes:core/v1:Secret")
    for workload in workloads(any_shape):
        for container in containers(workload):
            for name, value in variables(container).items():
                if re.search(r"PASSWORD|SECRET|TOKEN", name):
                    assert name.endswith("__FILE"), f"{name} of {workload.name} holds {value}"
    text = json.dumps([each.inputs for each in any_shape.of(CONFIG_MAP)])
    assert not re.search(r"(password|api_key|token): [^/$]", text)
