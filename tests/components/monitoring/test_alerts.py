"""The alert rules as Prometheus itself judges them: its checker reads each file and runs the tests of every alert."""

import subprocess
from pathlib import Path

import pytest
import yaml

from components.monitoring.workloads import FILES

RULES = FILES / "rules"
RULE_FILES = sorted(RULES.glob("*.yaml"))
TEST_FILES = sorted((Path(__file__).parent / "alerts").glob("*_test.yaml"))
SECONDS = 120

# The dead man's switch has no series to keep quiet on.
ALWAYS = {"Watchdog"}


def run(*command: str | Path) -> str:
    """What a program says; the test fails with it when the program refuses."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_prometheus_accepts_every_rule_file_without_a_remark(promtool: Path) -> None:
    assert "SUCCESS" in run(promtool, "check", "rules", "--lint=all", "--lint-fatal", *RULE_FILES)


@pytest.mark.parametrize("file", TEST_FILES, ids=lambda file: file.name)
def test_every_alert_fires_on_the_series_that_it_is_for_and_on_no_others(promtool: Path, file: Path) -> None:
    named = {path for pattern in yaml.safe_load(file.read_text())["rule_files"] for path in file.parent.glob(pattern)}
    assert {path.resolve() for path in named} <= set(RULE_FILES), "the rules under test are not those deployed"
    assert named, "no rule file is under test"
    assert "SUCCESS" in run(promtool, "test", "rules", file)


def test_every_alert_is_tried_on_series_that_fire_it_and_on_series_that_do_not() -> None:
    groups = [group for file in RULE_FILES for group in yaml.safe_load(file.read_text())["groups"]]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    tests = [test for file in TEST_FILES for test in yaml.safe_load(file.read_text())["tests"]]
    tried = [case for test in tests for case in test.get("alert_rule_test", [])]
    assert alerts == {case["alertname"] for case in tried if case.get("exp_alerts")}
    assert alerts - ALWAYS == {case["alertname"] for case in tried if not case.get("exp_alerts")}


def test_an_expectation_that_does_not_hold_is_reported(promtool: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong_test.yaml"
    never = {"eval_time": "5m", "alertname": "Watchdog", "exp_alerts": []}
    tests = [{"interval": "1m", "input_series": [], "alert_rule_test": [never]}]
    wrong.write_text(yaml.safe_dump({"rule_files": [str(file) for file in RULE_FILES], "tests": tests}))
    done = subprocess.run([promtool, "test", "rules", wrong], capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode != 0
    assert b"Watchdog" in done.stdout + done.stderr
