"""Grafana's provisioning, dashboards and first password."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from components.monitoring.grafana import DIRECTORY, PASSWORD_FILE, VARIABLES
from tests.components.monitoring.environment import SERVICE, SMALL, build, replicas
from tests.components.workloads.pods import containers, pod

SOURCES: list[dict[str, Any]] = yaml.safe_load((DIRECTORY / "datasources.yaml").read_text())["datasources"]


def test_data_sources_are_services_of_the_environment() -> None:
    services = {
        f"http://{each.inputs['metadata']['name']}.monitoring.svc:{int(port['port'])}"
        for each in build(SMALL).of(SERVICE)
        for port in each.inputs["spec"]["ports"]
    }
    assert {source["url"] for source in SOURCES} <= services


def test_nobody_gets_in_without_the_generated_password() -> None:
    assert VARIABLES["GF_SECURITY_ADMIN_PASSWORD__FILE"] == PASSWORD_FILE
    assert "GF_SECURITY_ADMIN_PASSWORD" not in VARIABLES
    assert VARIABLES["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert VARIABLES["GF_USERS_ALLOW_SIGN_UP"] == "false"


def test_grafana_calls_nobody_outside() -> None:
    for name in ("REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES"):
        assert VARIABLES[f"GF_ANALYTICS_{name}"] == "false"
    assert VARIABLES["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"


def test_the_password_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    script = (DIRECTORY / "admin-password.sh").read_text().replace("/var/lib/grafana", str(tmp_path))
    passwords = []
    for _ in range(2):
        subprocess.run(["sh", "-c", script], check=True)
        passwords.append((tmp_path / "admin-password").read_text())
    assert passwords[0] == passwords[1]
    assert len(passwords[0]) == 32
    assert (tmp_path / "admin-password").stat().st_mode & 0o777 == 0o600


def test_the_password_is_made_before_grafana_starts_on_the_same_volume() -> None:
    grafana = replicas(build(SMALL), "grafana")[0]
    (first,) = pod(grafana)["initContainers"]
    assert first["command"] == ["sh", "/files/admin-password.sh"]
    for container in containers(grafana):
        paths = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
        assert PASSWORD_FILE.startswith(paths["data"])


def test_a_database_that_does_not_answer_takes_grafana_out_of_the_service_and_restarts_nothing() -> None:
    container = containers(replicas(build(SMALL), "grafana")[0])[-1]
    pages = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert pages == {"startup": "/api/health", "liveness": "/healthz", "readiness": "/api/health"}


def test_provisioning_lies_where_grafana_looks_for_it() -> None:
    volumes = {each["name"]: each for each in pod(replicas(build(SMALL), "grafana")[0])["volumes"]}
    paths = {each["key"]: each["path"] for each in volumes["provisioning"]["configMap"]["items"]}
    assert paths == {
        "datasources.yaml": "datasources/datasources.yaml",
        "dashboards.yaml": "dashboards/dashboards.yaml",
    }
    provider = yaml.safe_load((DIRECTORY / "dashboards.yaml").read_text())["providers"][0]
    assert provider["options"]["path"] == "/etc/grafana/dashboards"
