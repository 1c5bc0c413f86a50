"""The log agent's objects, as the engine sees them."""

import re
from pathlib import Path

import pytest
import yaml

from components.logs import fluent_bit
from components.logs.fluent_bit import AGENT_FILES, FILES, FluentBit
from components.logs.settings import LogsSettings
from tests.components.logs.agent import ACCOUNT, DAEMON_SET, build
from tests.components.workloads.pods import (
    CONFIG_MAP,
    assert_common_shape,
    mebibytes,
    openings,
    pod,
    recorder,
    referenced_variables,
    unknown,
    update_timeouts,
    variables,
)
from tests.recorder import Recorder, record


def test_the_agent_has_the_shape_of_every_workload(recorded: Recorder) -> None:
    assert_common_shape(recorded)
    assert all(each.parent for each in recorded.registrations if each.type.startswith(("kubernetes:", "aws:")))


def test_the_agent_runs_on_every_node_whatever_its_taints(recorded: Recorder) -> None:
    spec = pod(recorded.only(DAEMON_SET))
    assert spec["tolerations"] == [{"operator": "Exists"}]
    assert spec["nodeSelector"] == {"kubernetes.io/os": "linux"}
    assert spec["priorityClassName"] == "system-node-critical"


def test_the_agent_is_root_without_roots_powers(recorded: Recorder) -> None:
    spec = pod(recorded.only(DAEMON_SET))
    security = spec["containers"][0]["securityContext"]
    assert security["runAsUser"] == 0
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["allowPrivilegeEscalation"] is False
    assert security["readOnlyRootFilesystem"] is True
    assert spec["securityContext"] == {"seccompProfile": {"type": "RuntimeDefault"}}


def test_the_namespace_allows_host_paths_only_because_the_agent_mounts_logs_and_state(recorded: Recorder) -> None:
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
    paths = {
        each["name"]: each["hostPath"]["path"]
        for each in pod(recorded.only(DAEMON_SET))["volumes"]
        if "hostPath" in each
    }
    assert paths == {"logs": "/var/log", "journal": "/var/log/journal", "state": "/var/fluent-bit/state"}
    mounts = {each["name"]: each for each in pod(recorded.only(DAEMON_SET))["containers"][0]["volumeMounts"]}
    for name in ("logs", "journal"):
        assert mounts[name]["readOnly"] is True
        assert mounts[name]["recursiveReadOnly"] == "IfPossible", "/var/log/pods is a mount of its own on NVMe nodes"
    assert mounts["state"]["readOnly"] is False


def test_every_variable_of_the_file_is_set_and_no_other(recorded: Recorder) -> None:
    used = referenced_variables([FILES / "fluent-bit.yaml"])
    assert used == set(variables(pod(recorded.only(DAEMON_SET))["containers"][0]))


def test_settings_reach_the_agent() -> None:
    settings = LogsSettings(
        agent_memory_mib=1024,
        spark_upload_interval_minutes=2,
        system_upload_interval_minutes=10,
        agent_log_level="debug",
    )
    container = pod(build(settings).only(DAEMON_SET))["containers"][0]
    values = variables(container)
    assert mebibytes(container["resources"]["limits"]["memory"]) == 1024
    assert values["SPARK_UPLOAD_TIMEOUT"] == "2m"
    assert values["SYSTEM_UPLOAD_TIMEOUT"] == "10m"
    assert values["LOG_LEVEL"] == "debug"
    assert values["NODE_IP"] == "status.hostIP"
    assert values["NODE_NAME"] == "spec.nodeName"
    assert (values["SPARK_BUCKET"], values["SYSTEM_BUCKET"], values["EVENTS_BUCKET"]) == (
        "sparks",
        "systems",
        "event-logs",
    )


def test_a_changed_file_makes_a_new_config_map_that_the_pods_name(
    recorded: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_map = recorded.only(CONFIG_MAP).inputs
    assert "name" not in config_map["metadata"], "a fixed name would be changed in place under running pods"
    assert config_map["immutable"] is True
    volume = next(each for each in pod(recorded.only(DAEMON_SET))["volumes"] if each["name"] == "config")
    assert volume["configMap"]["name"] == "fluent-bit-files-1a2b3c4d"
    assert config_map["data"] == {name: (FILES / name).read_text() for name in AGENT_FILES}
    for file in FILES.iterdir():
        (tmp_path / file.name).write_text(f"{file.read_text()}# changed\n")
    monkeypatch.setattr(fluent_bit, "FILES", tmp_path)
    assert build().only(CONFIG_MAP).inputs["data"] != config_map["data"]


def test_the_pod_outlives_the_agents_own_grace_period(recorded: Recorder) -> None:
    config = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
    assert pod(recorded.only(DAEMON_SET))["terminationGracePeriodSeconds"] >= 2 * config["service"]["grace"]


def test_liveness_does_not_depend_on_s3(recorded: Recorder) -> None:
    container = pod(recorded.only(DAEMON_SET))["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/"
    assert container["readinessProbe"]["httpGet"]["path"] == "/api/v1/health"


def test_a_preview_with_unknown_buckets_still_shows_every_resource(recorded: Recorder) -> None:
    def known_later() -> None:
        FluentBit(
            "fluent-bit",
            LogsSettings(),
            ACCOUNT,
            spark_bucket=unknown(),
            system_bucket=unknown(),
            event_log_bucket=unknown(),
        )

    preview = record(known_later, recorder(), preview=True)
    assert {(each.type, each.name) for each in preview.registrations} == {
        (each.type, each.name) for each in recorded.registrations if each.type != "pulumi:pulumi:Stack"
    }


def test_a_roll_through_thousands_of_nodes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts = update_timeouts(monkeypatch)
    build()
    assert timeouts["fluent-bit-agent"] == "2h"


def test_only_collectors_reach_the_agent_and_only_its_metrics(recorded: Recorder) -> None:
    ((source, ports, labels),) = openings(recorded)
    assert source == {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert ports == [2020]
    assert labels == recorded.only(DAEMON_SET).inputs["spec"]["selector"]["matchLabels"]


def test_every_file_that_the_configuration_names_is_mounted(recorded: Recorder) -> None:
    text = (FILES / "fluent-bit.yaml").read_text()
    named = set(re.findall(r"/fluent-bit/etc/([\w.-]+)", text))
    assert named <= set(recorded.only(CONFIG_MAP).inputs["data"])
    assert named == {"parsers-moka.conf", "lines.lua"}
