"""Prometheus and Alertmanager read the configuration that every stack renders, and refuse a broken one."""

import subprocess
from pathlib import Path

import pytest

from tests.telemetry.rendered import ALERTMANAGER, CASES, PROMETHEUS, Rendered, container, render

SECONDS = 60


def config_file(rendered: Rendered) -> str:
    (found,) = (each.partition("=")[2] for each in rendered.arguments if each.startswith("--config.file="))
    return found


def verdict(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", CASES)
def test_prometheus_accepts_its_configuration_and_finds_its_rules(promtool: Path, tmp_path: Path, case: str) -> None:
    placed = container(render(case), PROMETHEUS).place_below(tmp_path)
    status, said = verdict(promtool, "check", "config", config_file(placed))
    assert status == 0, said
    rule_files = [path for path in placed.files if path.parent.name == "rules"]
    assert rule_files
    for path in rule_files:
        assert f"Checking {path}" in said, "a rule file lies where the configuration does not look"


@pytest.mark.parametrize("case", CASES)
def test_alertmanager_accepts_its_configuration(amtool: Path, tmp_path: Path, case: str) -> None:
    placed = container(render(case), ALERTMANAGER).place_below(tmp_path)
    status, said = verdict(amtool, "check-config", config_file(placed))
    assert status == 0, said
    assert "SUCCESS" in said


def test_prometheus_refuses_a_setting_that_does_not_exist(promtool: Path, tmp_path: Path) -> None:
    placed = container(render("dev"), PROMETHEUS).place_below(
        tmp_path, lambda text: text.replace("scrape_interval:", "scrape_intervall:")
    )
    status, said = verdict(promtool, "check", "config", config_file(placed))
    assert status != 0
    assert "scrape_intervall" in said


def test_alertmanager_refuses_a_route_to_a_receiver_that_does_not_exist(amtool: Path, tmp_path: Path) -> None:
    placed = container(render("dev"), ALERTMANAGER).place_below(
        tmp_path, lambda text: text.replace("- receiver:", "- receiver: nobody-at-all #")
    )
    status, said = verdict(amtool, "check-config", config_file(placed))
    assert status != 0
    assert "nobody-at-all" in said
