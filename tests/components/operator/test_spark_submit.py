"""What the operator runs as spark-submit: it completes the files and task groups that the operator makes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.operator.files.spark_submit import TASK_GROUPS, completed, prepared, with_nodes
from components.operator.submission import SUBMIT

# As util.WriteObjectToFile of the operator writes a template that an application does not have.
TEMPLATE = """metadata:
  creationTimestamp: null
  ownerReferences:
  - apiVersion: sparkoperator.k8s.io/v1beta2
    controller: true
    kind: SparkApplication
    name: pi
    uid: 53b62cb5-3f5e-4d6e-9a0b-111111111111
spec:
  containers:
  - name: spark-kubernetes-driver
    resources: {}
"""
TOLERATION = {"key": "moka/workload", "operator": "Equal", "value": "spark", "effect": "NoSchedule"}
PODS = {
    role: {"nodeSelector": {"moka/workload": role}, "spec": {"tolerations": [TOLERATION]}}
    for role in ("driver", "executor")
}


def test_a_template_gets_what_it_lacks_and_keeps_the_rest() -> None:
    before, after = yaml.safe_load(TEMPLATE), yaml.safe_load(completed(TEMPLATE, PODS["driver"]["spec"]))
    assert after == {**before, "spec": {**before["spec"], "tolerations": [TOLERATION]}}


def test_what_an_applications_own_template_says_stays() -> None:
    own = TEMPLATE + "  tolerations:\n  - operator: Exists\n"
    assert completed(own, PODS["driver"]["spec"]) == own


@pytest.mark.parametrize("below", ["status: {}\n", "status:\n  tolerations: none\n"])
def test_what_stands_outside_of_the_spec_is_no_answer(below: str) -> None:
    after = yaml.safe_load(completed(TEMPLATE + below, PODS["driver"]["spec"]))
    assert after["spec"]["tolerations"] == [TOLERATION]
    assert "status" in after


def test_placeholders_wait_for_the_nodes_of_their_role_and_keep_what_the_application_says() -> None:
    groups: list[dict[str, Any]] = [
        {"name": "spark-driver", "minMember": 1, "minResource": {"cpu": "1"}},
        {
            "name": "spark-executor",
            "minMember": 2,
            "nodeSelector": {"moka/workload": "own", "disk": "nvme"},
            "tolerations": [{"operator": "Exists"}],
        },
    ]
    driver, executor = json.loads(with_nodes(json.dumps(groups), PODS))
    assert driver == {**groups[0], "nodeSelector": {"moka/workload": "driver"}, "tolerations": [TOLERATION]}
    assert executor["nodeSelector"] == {"moka/workload": "own", "disk": "nvme"}
    assert executor["tolerations"] == [{"operator": "Exists"}, TOLERATION]


def test_other_arguments_are_handed_on_as_they_are() -> None:
    arguments = ["--master", "k8s://https://172.20.0.1:443", "--conf", "spark.executor.instances=2", "app.py", "a b"]
    assert prepared(arguments, PODS) == arguments


def test_it_becomes_the_real_spark_submit_in_the_real_home(tmp_path: Path) -> None:
    submit, told = tmp_path / "spark" / "bin" / "spark-submit", tmp_path / "told"
    submit.parent.mkdir(parents=True)
    submit.write_text(f'#!/bin/sh\nprintf "%s\\n" "$SPARK_HOME" "$@" > {told}\n')
    submit.chmod(0o755)
    templates = {role: tmp_path / f"{role}-pod-template.yaml" for role in PODS}
    for template in templates.values():
        template.write_text(TEMPLATE)
    (tmp_path / "pods.json").write_text(json.dumps(PODS))
    named = [f"spark.kubernetes.{role}.podTemplateFile={file}" for role, file in templates.items()]
    groups = TASK_GROUPS + json.dumps([{"name": "spark-driver"}])
    environment = {
        **os.environ,
        "SPARK_HOME": "/not/there",
        "REAL_SPARK_HOME": str(tmp_path / "spark"),
        "SUBMITTED_PODS": str(tmp_path / "pods.json"),
    }
    subprocess.run(
        [sys.executable, SUBMIT, "--conf", named[0], "--conf", named[1], "--conf", groups], env=environment, check=True
    )
    home, *arguments = told.read_text().splitlines()
    assert home == str(tmp_path / "spark")
    assert arguments[:4] == ["--conf", named[0], "--conf", named[1]]
    assert "moka/workload" in arguments[5]
    for template in templates.values():
        assert yaml.safe_load(template.read_text())["spec"]["tolerations"] == [TOLERATION]
