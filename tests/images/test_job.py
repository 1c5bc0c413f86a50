"""Applications and the History Server in the images that the bake file built, with the published defaults."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from components.account import Account
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import environment_lines, namespace_lines, published_files
from components.spark.event_logs import MARK_CONTENT, directory_of, mark_of, read_by_history_server
from components.spark.settings import SparkSettings
from components.teams.names import namespace_of
from local_cluster.programs.project import Programs
from tests.images import job
from tests.images.build import ROOT
from tests.images.conftest import Built
from tests.images.container import Unpacked, unpack
from tests.images.emulation import NATIVE
from tests.s3_server import S3Server

pytestmark = pytest.mark.images

ACCOUNT = Account("dev", "222222222222", "us-east-1")
EVENTS, DATA = "event-logs", "team-data"
TEAMS = ("ads", "sales")
NAMESPACE = namespace_of(TEAMS[0])
TEAM = ROOT / "images" / "team"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(scope="package", params=[NATIVE])
def architecture(request: pytest.FixtureRequest) -> str:
    """This machine's alone: in an emulator a job takes ten minutes, and tini lacks a call (QEMU 7.2)."""
    return request.param


@dataclass(frozen=True)
class Ran:
    """An application that ended.

    Args:
        said: what it printed at its end.
        logged: lines of its log.
        client: of the S3 that it wrote to.
    """

    said: dict[str, Any]
    logged: list[str]
    client: Any


@pytest.fixture(scope="package")
def s3() -> Iterator[S3Server]:
    """An S3 whose bucket of event logs asks for what a locked one asks."""
    server = S3Server(locked=[EVENTS])
    yield server
    server.stop()


@pytest.fixture(scope="package")
def ran(spark: Unpacked, architecture: str, s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The job, run as a driver."""
    client = boto3.client(
        "s3",
        endpoint_url=s3.url,
        region_name=ACCOUNT.region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    for bucket in (EVENTS, DATA):
        if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=bucket)
    for team in TEAMS:
        mark = mark_of(namespace_of(team))
        client.put_object(Bucket=EVENTS, Key=mark, Body=MARK_CONTENT.encode(), ChecksumAlgorithm="CRC32")
    place = tmp_path_factory.mktemp("configuration")
    lines = environment_lines(SparkSettings(), ACCOUNT, EVENTS, ("spark",), ShuffleSettings())
    lines |= namespace_lines(NAMESPACE, "spark")
    for name, content in published_files(lines).items():
        (place / name).write_text(content)
    (place / "job.py").write_text(Path(job.__file__).read_text())
    (place / "events").mkdir()
    for each in (place, place / "events"):
        each.chmod(0o777)
    conf = {
        "spark.hadoop.fs.s3a.endpoint": s3.url,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"
        ),
        "spark.master": "local[2]",
    }
    words = [word for name, value in conf.items() for word in ("--conf", f"{name}={value}")]
    done = spark.run(
        ["driver", *words, "/configuration/job.py", f"s3a://{DATA}/table-{architecture}"],
        variables={
            "SPARK_CONF_DIR": "/configuration",
            "SPARK_APPLICATION_ID": "spark-image",
            "SPARK_EVENT_LOG_DIRECTORY": "/configuration/events",
            "SPARK_DRIVER_BIND_ADDRESS": "127.0.0.1",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "AWS_REGION": ACCOUNT.region,
            **KEYS,
        },
        mounts={"/configuration": place},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Ran(json.loads(done.stdout.splitlines()[-1]), done.stderr.splitlines(), client)


def test_a_job_writes_to_amazon_s3_and_reads_back_what_it_wrote(ran: Ran, architecture: str) -> None:
    assert ran.said["rows"] == job.ROWS
    success = json.loads(ran.client.get_object(Bucket=DATA, Key=f"table-{architecture}/_SUCCESS")["Body"].read())
    assert success["committer"] == "magic"


def test_functions_of_python_run_in_a_worker_of_the_image(ran: Ran) -> None:
    assert ran.said["sum"] == 10
    assert ran.said["python"].startswith("3.13.")
    assert ran.said["java"].startswith("21.")


def test_its_event_log_is_in_the_bucket(ran: Ran) -> None:
    application = ran.said["application"]
    key = f"{directory_of(NAMESPACE)}/eventlog_v2_{application}/events_1_{application}"
    events = ran.client.get_object(Bucket=EVENTS, Key=key)["Body"].read().splitlines()
    assert json.loads(events[-1])["Event"] == "SparkListenerApplicationEnd"


def test_every_line_that_spark_logs_is_a_json_object(ran: Ran) -> None:
    logged = [json.loads(line) for line in ran.logged if line.startswith("{")]
    assert {line["application"] for line in logged} == {"spark-image"}
    # What Java says before there is a logger, and the SDK's bundle, which has an SLF4J of its own and no logger for it.
    others = [line for line in ran.logged if not line.startswith("{")]
    assert all(line.startswith(("WARNING: Using incubator modules: ", "SLF4J: ")) for line in others), others


def test_its_metrics_answer_on_the_drivers_port(ran: Ran) -> None:
    names = " ".join(ran.said["metrics"])
    assert "jvm_heap_used" in names.lower()
    assert "DAGScheduler" in names


def test_the_history_server_starts_with_no_more_than_its_image_and_shows_applications_of_every_team(
    history_server: Unpacked, s3: S3Server, ran: Ran
) -> None:
    application = ran.said["application"]
    log, other = f"{directory_of(NAMESPACE)}/eventlog_v2_{application}/", "local-of-sales"
    for each in ran.client.list_objects_v2(Bucket=EVENTS, Prefix=log)["Contents"]:
        body: bytes = ran.client.get_object(Bucket=EVENTS, Key=each["Key"])["Body"].read()
        key = each["Key"].replace(NAMESPACE, namespace_of(TEAMS[1])).replace(application, other)
        body = body.replace(application.encode(), other.encode())
        ran.client.put_object(Bucket=EVENTS, Key=key, Body=body, ChecksumAlgorithm="CRC32")
    directories = read_by_history_server(EVENTS, (*TEAMS, "new"))
    options = {
        "spark.history.fs.logDirectory": ",".join(directories.values()),
        "spark.history.fs.logDirectory.names": ",".join(directories),
        "spark.history.ui.port": "18099",
        "spark.hadoop.fs.s3a.endpoint": s3.url,
        "spark.hadoop.fs.s3a.endpoint.region": ACCOUNT.region,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"
        ),
    }
    named = " ".join(f"-D{name}={value}" for name, value in options.items())
    with history_server.running([], variables={"SPARK_HISTORY_OPTS": named, **KEYS}) as server:
        found = [server.ask(f"http://127.0.0.1:18099/api/v1/applications/{each}") for each in (application, other)]
    assert [each["name"] for each in found] == ["image", "image"]


def test_a_teams_image_has_its_jars_and_wheels_and_all_of_the_projects(
    built: Built, programs: Programs, architecture: str, spark: Unpacked, tmp_path: Path
) -> None:
    tag = f"{built.registry.address}/teams/analytics/spark:1.0"
    built.builder.build(TEAM, tag, {"BASE": built.spark})
    team = unpack(programs, tag, architecture, tmp_path / "team", spark.runtime)
    assert team.config["User"] == "185"
    (jar,) = re.findall(r"^[0-9a-f]{64} \S+/(\S+)$", (TEAM / "jars.txt").read_text(), re.MULTILINE)
    assert (team.root / "opt" / "spark" / "jars" / jar).is_file()
    done = team.run(["python3", "-c", "import pyarrow; print(pyarrow.__version__)"])
    (wanted,) = re.findall(r"^pyarrow==(\S+)", (TEAM / "requirements.txt").read_text(), re.MULTILINE)
    assert done.stdout.strip() == wanted, done.stderr
    own = subprocess.run(["ls", str(spark.root / "opt/spark/jars")], check=True, capture_output=True, text=True)
    all_of_them = {each.name for each in (team.root / "opt/spark/jars").iterdir()}
    assert all_of_them == {*own.stdout.split(), jar}


def test_a_jar_that_is_not_the_one_that_is_meant_ends_the_build(built: Built, tmp_path: Path) -> None:
    for file in TEAM.iterdir():
        (tmp_path / file.name).write_text(
            file.read_text().replace(re.findall(r"\b7391[0-9a-f]{60}", file.read_text())[0], "0" * 64)
            if file.name == "jars.txt"
            else file.read_text()
        )
    with pytest.raises(AssertionError, match=f"has SHA-256 7391[0-9a-f]+, not {'0' * 64}"):
        built.builder.build(tmp_path, f"{built.registry.address}/teams/other/spark:1.0", {"BASE": built.spark})
