"""The real collector reads what every stack renders, and refuses a broken file.

Copies of the files are read: a service account's directory is beside them, and keys of AWS are made up, since the
program wants both there and uses neither.
"""

import os
import subprocess
from pathlib import Path, PurePosixPath

import pytest
import yaml

from tests.telemetry.rendered import AGENT, CASES, CLUSTER, Rendered, container, render
from tests.telemetry.service_account import SERVICE_ACCOUNT, write_service_account

pytestmark = pytest.mark.verify

SECONDS = 120
COLLECTORS = {"agent": AGENT, "cluster": CLUSTER}
AWS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_EC2_METADATA_DISABLED": "true"}


def placed(case: str, which: str, root: Path, change: tuple[str, str] = ("", "")) -> Rendered:
    """A collector's files below a directory, in the first of which a text stands for another."""
    account = write_service_account(root / "account", api="127.0.0.1:9", authority=b"")
    found = container(render(case), COLLECTORS[which])
    return found.place_below(root, lambda text: text.replace(SERVICE_ACCOUNT, str(account)).replace(*change))


def verdict(collector: Path, rendered: Rendered) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], **AWS, **rendered.variables}
    done = subprocess.run(
        [collector, "validate", *rendered.arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("which", COLLECTORS)
@pytest.mark.parametrize("case", CASES)
def test_the_collector_accepts_its_configuration(collector: Path, tmp_path: Path, case: str, which: str) -> None:
    status, said = verdict(collector, placed(case, which, tmp_path))
    assert status == 0, said


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("limit_percentage: 80", "limit_percentages: 80"), "limit_percentages"),
        (("check_interval: 1s", "check_interval: soon"), "check_interval"),
        (("exporters: [forward/stores]", "exporters: [forward/nowhere]"), "forward/nowhere"),
        (("action: keep", "action: retain"), "retain"),
        (("regex: true;.*|.*;true", "regex: (true;.*|.*;true"), "missing closing )"),
        (("health_check:", "health_checks:"), "health_checks"),
        (("serviceaccount/token", "serviceaccount/no-token"), "no-token"),
    ],
)
def test_the_collector_refuses_a_mistake_and_names_it(
    collector: Path, tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    account = tmp_path / "account"
    old, new = (each.replace("serviceaccount", str(account)) for each in change)
    broken = placed("dev", "agent", tmp_path, (old, new))
    assert any(new in Path(path).read_text() for path in broken.files), f"no file says {old} any more"
    status, said = verdict(collector, broken)
    assert status != 0
    assert complaint in said


def test_the_collector_has_every_component_that_the_files_name(collector: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [collector, "components"], capture_output=True, text=True, timeout=SECONDS, check=True, cwd=tmp_path
    )
    listed = yaml.safe_load(said.stdout)
    for which in COLLECTORS:
        for path, text in placed("production", which, tmp_path).files.items():
            assert PurePosixPath(path).suffix == ".yaml"
            config = yaml.safe_load(text)
            for kind in ("receivers", "processors", "exporters", "connectors", "extensions"):
                names = {each["name"] for each in listed[kind]}
                assert {name.partition("/")[0] for name in config.get(kind) or {}} <= names
