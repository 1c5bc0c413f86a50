"""The History Server's objects, as the engine sees them."""

import re

import pytest

from components.spark.defaults import FILES
from components.spark.event_logs import MARK_BYTES, read_by_history_server
from components.spark.settings import HistoryServerSettings, SparkSettings
from components.spark.team_directories import EventLogDirectories
from tests.components.spark.spark_environment import build_history
from tests.components.workloads.pods import (
    CONFIG_MAP,
    assert_common_shape,
    mebibytes,
    openings,
    pod,
    recorder,
    referenced_variables,
    variables,
    violations_of_restricted,
)
from tests.recorder import Recorder, record

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SERVICE = "kubernetes:core/v1:Service"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
DEFAULTS = FILES / "history" / "spark-defaults.conf"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build_history()


def test_the_server_has_the_shape_of_every_workload(recorded: Recorder) -> None:
    assert_common_shape(recorded)


def test_the_namespace_is_restricted_and_the_pods_satisfy_it(recorded: Recorder) -> None:
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert violations_of_restricted(recorded.only(DEPLOYMENT)) == []


def test_nobody_in_the_cluster_reaches_it(recorded: Recorder) -> None:
    assert openings(recorded) == []
    assert recorded.only(SERVICE).inputs["spec"]["type"] == "ClusterIP"


def test_it_runs_on_system_nodes_of_either_architecture(recorded: Recorder) -> None:
    assert pod(recorded.only(DEPLOYMENT))["nodeSelector"] == {"moka/workload": "system"}


def test_pods_start_after_their_account_exists_and_get_no_kubernetes_token(recorded: Recorder) -> None:
    assert "kubernetes:core/v1:ServiceAccount::history-server" in recorded.only(DEPLOYMENT).depends_on
    assert pod(recorded.only(DEPLOYMENT))["automountServiceAccountToken"] is False


def test_every_variable_of_the_file_is_set(recorded: Recorder) -> None:
    used = referenced_variables([DEFAULTS], r"\$\{env[:.]([A-Z_]+)\}")
    given = set(variables(pod(recorded.only(DEPLOYMENT))["containers"][0]))
    assert used == given - {"SPARK_CONF_DIR", "SPARK_DAEMON_MEMORY"}


def test_it_reads_the_directory_of_every_team_and_the_root_and_calls_each_by_its_team() -> None:
    given = variables(pod(build_history(teams=("sales", "ads")).only(DEPLOYMENT))["containers"][0])
    names, places = (given[each].split(",") for each in ("EVENT_LOG_DIRECTORY_NAMES", "EVENT_LOG_DIRECTORIES"))
    assert dict(zip(names, places, strict=True)) == {
        "ads": "s3a://events/teams/spark-ads/",
        "sales": "s3a://events/teams/spark-sales/",
        "(root)": "s3a://events/",
    }


def test_a_bucket_without_teams_is_read_at_its_root() -> None:
    given = variables(pod(build_history(teams=()).only(DEPLOYMENT))["containers"][0])
    assert given["EVENT_LOG_DIRECTORIES"] == "s3a://events/"


def test_every_directory_that_applications_write_to_and_the_server_reads_exists() -> None:
    """Spark refuses to start without; a mark makes it, outlives its team, and has a checksum for a locked bucket."""
    recorded = record(lambda: EventLogDirectories("directories", ("sales", "ads"), bucket="events"), recorder())
    marks = {each.inputs["key"]: each for each in recorded.of(OBJECT)}
    read = read_by_history_server("events", ("sales", "ads"))
    assert {f"s3a://events/{key.removesuffix('.directory')}" for key in marks} == {read["ads"], read["sales"]}
    for each in marks.values():
        assert each.inputs["checksumAlgorithm"] == "CRC32"
        assert len(each.inputs["content"].encode()) == MARK_BYTES
        assert each.retain_on_delete


def test_files_lie_where_spark_and_the_command_look(recorded: Recorder) -> None:
    container = pod(recorded.only(DEPLOYMENT))["containers"][0]
    mounts = {each["name"]: each for each in container["volumeMounts"]}
    directory = mounts["configuration"]["mountPath"]
    assert variables(container)["SPARK_CONF_DIR"] == directory
    script = container["command"][-1].removeprefix(f"{directory}/")
    files = recorded.only(CONFIG_MAP).inputs["data"]
    assert {script, "spark-defaults.conf", "log4j2.properties"} == set(files)
    assert "HistoryServer" in files[script]
    store = re.search(r"^spark\.history\.store\.path\s+(\S+)$", files["spark-defaults.conf"], re.MULTILINE)
    assert store
    assert store[1] == mounts["store"]["mountPath"]
    assert mounts["configuration"]["readOnly"] is True


def test_the_server_deletes_nothing_because_the_buckets_lifecycle_does() -> None:
    text = DEFAULTS.read_text()
    assert re.search(r"^spark\.history\.fs\.cleaner\.enabled\s+false$", text, re.MULTILINE)
    assert re.search(r"^spark\.history\.fs\.driverlog\.cleaner\.enabled\s+false$", text, re.MULTILINE)


@pytest.mark.parametrize(("replay_gib", "disk_gib"), [(1, 5), (4, 20), (32, 200)])
def test_memory_and_disk_follow_from_what_is_read_at_once(replay_gib: int, disk_gib: int) -> None:
    deployment = build_history(HistoryServerSettings(replay_gib=replay_gib, disk_gib=disk_gib)).only(DEPLOYMENT)
    container = pod(deployment)["containers"][0]
    values = variables(container)
    replay, heap = (int(values[name].removesuffix("m")) for name in ("REPLAY_MEMORY", "SPARK_DAEMON_MEMORY"))
    limit = mebibytes(container["resources"]["limits"]["memory"])
    assert replay == replay_gib * 512
    assert replay + 1024 <= heap < heap + 512 <= limit
    (store,) = (each for each in pod(deployment)["volumes"] if each["name"] == "store")
    assert store["emptyDir"]["sizeLimit"] == f"{disk_gib}Gi"
    assert int(values["DISK_USAGE"].removesuffix("g")) < disk_gib


def test_several_servers_have_a_budget_and_keep_their_visitors() -> None:
    several, one = build_history(HistoryServerSettings(replicas=2)), build_history()
    assert several.only(DEPLOYMENT).inputs["spec"]["replicas"] == 2
    assert several.only(BUDGET).inputs["spec"]["maxUnavailable"] == 1
    assert several.only(SERVICE).inputs["spec"]["sessionAffinity"] == "ClientIP"
    assert not one.of(BUDGET), "a budget for one server blocks every drain"


def test_a_new_server_answers_before_the_old_one_goes(recorded: Recorder) -> None:
    strategy = recorded.only(DEPLOYMENT).inputs["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


@pytest.mark.parametrize("image", ["spark", "spark:4.1.2", "registry.example/spark:latest", "registry.example/spark"])
def test_an_image_for_applications_without_registry_and_version_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match="image"):
        SparkSettings(image=image)
