"""Trivy ends the build of an image that is vulnerable, as the workflow asks it to, unless an exception holds."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_cluster.programs.project import find
from offline.progress import say
from tests.images.build import ROOT
from tests.images.emulation import NATIVE
from tests.images.pipeline import WORKFLOW, Pipeline
from tests.images.programs import TRIVY, TRIVY_VERSION, VULNERABILITIES

pytestmark = pytest.mark.images

ACTION = "aquasecurity/trivy-action@"
# What that action makes of its inputs (its action.yaml and entrypoint.sh).
VARIABLES = {
    "input": "TRIVY_INPUT",
    "severity": "TRIVY_SEVERITY",
    "ignore-unfixed": "TRIVY_IGNORE_UNFIXED",
    "trivyignores": "TRIVY_IGNOREFILE",
    "exit-code": "TRIVY_EXIT_CODE",
}
# As aquasecurity/trivy-java-db has them (pkg/db/db.go).
JARS = """
create table artifacts(id integer primary key, group_id text, artifact_id text);
create table indices(artifact_id integer, version text, sha1 blob, archive_type text);
"""
NAME = "CVE-2026-00001"
OPEN = {"Platform": "debian 13", "Package": "tini"}
FIXED = {**OPEN, "Fixed": "99"}


@pytest.fixture(scope="module")
def archive(pipeline: Pipeline) -> Path:
    """What Trivy is to scan."""
    done = pipeline.run("images scan 1", IMAGE="spark", PLATFORM=f"linux/{NATIVE}")
    (name,) = re.findall(r"^archive=(\S+)$", done.outputs, re.MULTILINE)
    return pipeline.checkout.root / name


def test_an_image_that_the_bake_file_leaves_out_is_not_scanned(pipeline: Pipeline) -> None:
    assert pipeline.run("images scan 1", IMAGE="spark-celeborn", PLATFORM=f"linux/{NATIVE}").outputs == ""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Trivy keeps what it has read, with a list of jars by their checksums that names none."""
    place = tmp_path_factory.mktemp("trivy")
    jars = place / "java-db"
    jars.mkdir()
    with closing(sqlite3.connect(jars / "trivy-java.db")) as database:
        database.executescript(JARS)
    now = datetime.now(UTC)
    times = {"UpdatedAt": now, "NextUpdate": now + timedelta(days=3), "DownloadedAt": now}
    written = {"Version": 1, **{name: time.isoformat() for name, time in times.items()}}
    (jars / "metadata.json").write_text(json.dumps(written))
    return place


def asked() -> dict[str, Any]:
    """What the workflow asks of Trivy."""
    scan = yaml.safe_load((ROOT / WORKFLOW).read_text())["jobs"]["scan"]
    (step,) = [each for each in scan["steps"] if each.get("uses", "").startswith(ACTION)]
    return step["with"]


def scanned(archive: Path, cache: Path, exceptions: Path) -> "subprocess.CompletedProcess[str]":
    """What Trivy says of an image.

    Args:
        archive: the image.
        cache: with what is known to be vulnerable.
        exceptions: as images/vulnerabilities.yaml has them.
    """
    given = {**asked(), "input": archive.name, "trivyignores": exceptions}
    del given["version"]
    words = {VARIABLES[name]: str(value).lower() if value is True else str(value) for name, value in given.items()}
    offline = dict.fromkeys(("TRIVY_SKIP_DB_UPDATE", "TRIVY_SKIP_JAVA_DB_UPDATE", "TRIVY_OFFLINE_SCAN"), "true")
    return subprocess.run(
        [str(find([TRIVY], say)["trivy"]), "image", "."],
        cwd=archive.parent,
        env={"HOME": str(cache), "TRIVY_CACHE_DIR": str(cache), **offline, **words},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(cache: Path, planted: Mapping[str, str]) -> None:
    """Let Trivy know one vulnerability, and no other."""
    program = find([VULNERABILITIES], say)["planted-vulnerabilities"]
    shutil.rmtree(cache / "db", ignore_errors=True)
    subprocess.run([str(program), str(cache)], input=json.dumps([{"ID": NAME, **planted}]), text=True, check=True)


def exception(days: int, **more: Any) -> Mapping[str, Any]:
    """One in images/vulnerabilities.yaml that ends some days from now."""
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    return {"id": NAME, "statement": "nothing calls it", "expired_at": day, **more}


@pytest.mark.parametrize(
    ("planted", "exceptions", "code"),
    [
        ({"Severity": "CRITICAL", **FIXED}, [], 1),
        ({"Severity": "HIGH", **FIXED}, [], 1),
        ({"Severity": "MEDIUM", **FIXED}, [], 0),
        ({"Severity": "CRITICAL", **OPEN}, [], 0),
        ({"Severity": "HIGH", **FIXED}, [exception(30)], 0),
        ({"Severity": "HIGH", **FIXED}, [exception(30, purls=["pkg:deb/debian/tini"])], 0),
        ({"Severity": "HIGH", **FIXED}, [exception(30, purls=["pkg:deb/debian/other"])], 1),
        ({"Severity": "HIGH", **FIXED}, [exception(-2)], 1),
        ({"Severity": "HIGH", "Platform": "debian 12", "Package": "tini", "Fixed": "99"}, [], 0),
    ],
    ids=["critical", "high", "medium", "no-fix", "exception", "of-package", "of-other", "expired", "other-release"],
)
def test_what_is_high_or_critical_and_has_a_fix_ends_the_build_unless_an_exception_holds(
    planted: Mapping[str, str],
    exceptions: Sequence[Mapping[str, Any]],
    code: int,
    archive: Path,
    cache: Path,
) -> None:
    plant(cache, planted)
    file = cache / "vulnerabilities.yaml"
    file.write_text(yaml.safe_dump({"vulnerabilities": list(exceptions)}))
    done = scanned(archive, cache, file)
    assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
    assert (NAME in done.stdout) == (code == 1)
    assert re.search(r"debian 13", done.stdout), done.stdout


def test_the_workflow_asks_the_trivy_that_these_tests_ask_about_what_it_built() -> None:
    assert asked()["version"] == f"v{TRIVY_VERSION}"
    assert asked()["input"] == "${{ steps.build.outputs.archive }}"
    assert asked()["trivyignores"] == "images/vulnerabilities.yaml"
