"""Spark's defaults: keys that Spark knows; values that agree with each other, with nodes and with collectors."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.account import Account
from components.cluster.node_config import SHUTDOWN_SECONDS, SHUTDOWN_SECONDS_OF_CRITICAL_PODS
from components.monitoring.workloads import FILES as MONITORING_FILES
from components.operator.submission import submitted_pods
from components.shuffle.settings import CelebornSettings, ShuffleSettings
from components.spark.defaults import FILES, as_properties, environment_lines, namespace_lines, published_files
from components.spark.event_logs import directory_of
from components.spark.placement import node_selectors, workload_of
from components.spark.settings import MOST_EXECUTORS, ExecutorsSettings, SparkSettings
from tests.components.shuffle.known import celeborn_knows
from tests.components.teams.team_environment import SEPARATE, SHARED
from tests.stack_files import ENVIRONMENTS
from tests.stack_files import settings as settings_of

ACCOUNT = Account("dev", "222222222222", "us-east-1")
LOCAL = ShuffleSettings()
CELEBORN = ShuffleSettings(celeborn=CelebornSettings(peak_shuffle_gib=100))
KNOWN = set((Path(__file__).parent / "files" / "known_keys.txt").read_text().splitlines()[1:])
# Prefixes that Spark documents: what follows is a name of the user's.
PREFIXES = (
    "spark.kubernetes.driver.annotation.",
    "spark.kubernetes.driver.label.",
    "spark.kubernetes.executor.label.",
    "spark.kubernetes.driver.node.selector.",
    "spark.kubernetes.executor.node.selector.",
    "spark.kubernetes.driver.volumes.",
    "spark.kubernetes.driverEnv.",
    "spark.metrics.conf.",
)
# Spark puts these keys together from a prefix and a name: "Running Spark on Kubernetes", configuration.
COMPOSED = {f"spark.kubernetes.authenticate.{role}.serviceAccountName" for role in ("driver", "executor")}


def parse(text: str) -> dict[str, str]:
    """Lines of a Spark properties file; a repeated key fails."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            key, value = line.split(None, 1)
            assert key not in found, f"{key} is set twice"
            found[key] = value.strip()
    return found


def seconds(duration: str) -> int:
    """A duration as Spark reads it, by the units that the file uses."""
    number, unit = re.fullmatch(r"(\d+)(s|min|h)", duration).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return int(number) * {"s": 1, "min": 60, "h": 3600}[unit]


def published(workloads: tuple[str, ...] = SHARED, shuffle: ShuffleSettings = LOCAL) -> dict[str, str]:
    lines = environment_lines(SparkSettings(), ACCOUNT, "moka-dev-events", workloads, shuffle)
    lines |= namespace_lines("spark-sales", "spark")
    return parse(published_files(lines)["spark-defaults.conf"])


def history() -> dict[str, str]:
    return parse((FILES / "history" / "spark-defaults.conf").read_text())


def is_known(key: str) -> bool:
    hadoop = key.removeprefix("spark.hadoop.")
    bucket = re.sub(r"^fs\.s3a\.bucket\.[a-z0-9-]+\.", "fs.s3a.", hadoop)
    if key.startswith("spark.celeborn."):
        return celeborn_knows(key.removeprefix("spark."))
    return key in KNOWN | COMPOSED or hadoop in KNOWN or bucket in KNOWN or key.startswith(PREFIXES)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_spark_knows_the_prefixes(prefix: str) -> None:
    assert prefix in KNOWN


@pytest.mark.parametrize(
    "settings",
    [published(), published(shuffle=CELEBORN), history()],
    ids=["applications", "applications-with-celeborn", "history"],
)
def test_spark_and_hadoop_know_every_key(settings: dict[str, str]) -> None:
    assert [key for key in settings if not is_known(key)] == []
    for misspelt in ("spark.eventLog.rolling.maxFilesize", "spark.celeborn.data.io.retrywait"):
        assert not is_known(misspelt), "this test would miss a misspelt key"


def test_event_logs_are_plain_rolling_files_in_the_directory_of_the_teams_namespace() -> None:
    settings = published()
    assert settings["spark.eventLog.enabled"] == settings["spark.eventLog.rolling.enabled"] == "true"
    assert settings["spark.eventLog.compress"] == "false", "the part on the node must be lines"
    directory = settings["spark.eventLog.dir"].replace("${spark.kubernetes.namespace}", "spark-sales")
    assert settings["spark.kubernetes.namespace"] == "spark-sales"
    assert directory == f"s3a://moka-dev-events/{directory_of('spark-sales')}/"


def test_only_the_event_log_bucket_is_buffered_in_the_nodes_directory() -> None:
    settings = published()
    buffers = {key: value for key, value in settings.items() if key.endswith(("buffer.dir", "upload.buffer"))}
    assert set(buffers) == {
        "spark.hadoop.fs.s3a.bucket.moka-dev-events.buffer.dir",
        "spark.hadoop.fs.s3a.bucket.moka-dev-events.fast.upload.buffer",
    }
    assert buffers["spark.hadoop.fs.s3a.bucket.moka-dev-events.fast.upload.buffer"] == "disk"


@pytest.mark.parametrize(
    ("variables", "directory"),
    [
        (
            {"SPARK_EVENT_LOG_DIRECTORY": "/var/log/spark-events", "SPARK_APPLICATION_ID": "spark-1"},
            "/var/log/spark-events/spark-1",
        ),
        ({}, "/tmp/hadoop-spark/spark-events/client"),
    ],
    ids=["driver-pod", "elsewhere"],
)
def test_the_buffer_lies_under_the_application_and_never_in_a_directory_that_is_not_mounted(
    variables: dict[str, str], directory: str
) -> None:
    """Replaces variables as Hadoop's Configuration does: innermost first, with the default after `:-`."""
    value = published()["spark.hadoop.fs.s3a.bucket.moka-dev-events.buffer.dir"]
    while match := re.search(r"\$\{(env\.)?([A-Za-z_.]+)(?::-([^${}]*))?\}", value):
        known = variables if match[1] else {"hadoop.tmp.dir": "/tmp/hadoop-spark"}
        value = value.replace(match[0], known.get(match[2]) or match[3] or "")
    assert value == directory


def test_pods_are_made_where_the_environment_gives_them_rights() -> None:
    settings = published()
    assert settings["spark.kubernetes.namespace"] == "spark-sales"
    for role in ("driver", "executor"):
        assert settings[f"spark.kubernetes.authenticate.{role}.serviceAccountName"] == "spark"


@pytest.mark.parametrize("stack", ENVIRONMENTS)
@pytest.mark.parametrize("role", ["driver", "executor"])
def test_pods_fit_a_node_group_of_every_stack(stack: str, role: str) -> None:
    workloads = {each.workload for each in settings_of(stack).node_groups.values()}
    wanted = node_selectors(workloads)[f"spark.kubernetes.{role}.node.selector.moka/workload"]
    assert wanted in workloads, "no node has the label"
    template = yaml.safe_load((FILES / f"{role}-pod-template.yaml").read_text())
    tolerated = {(each["key"], each["value"], each["effect"]) for each in template["spec"]["tolerations"]}
    assert ("moka/workload", wanted, "NoSchedule") in tolerated, "the node's taint keeps the pod away"
    other = {"driver": "spark-executor", "executor": "spark-driver"}[role]
    assert other not in {value for _, value, _ in tolerated}


def test_drivers_alone_ask_the_kubernetes_api_and_executors_get_no_token_for_it() -> None:
    driver, executor = (
        yaml.safe_load((FILES / f"{role}-pod-template.yaml").read_text()) for role in ("driver", "executor")
    )
    assert executor["spec"]["automountServiceAccountToken"] is False
    assert "automountServiceAccountToken" not in driver["spec"]
    assert submitted_pods(published_files({}))["executor"]["spec"]["automountServiceAccountToken"] is False


def test_drivers_keep_off_capacity_that_is_taken_back_wherever_there_is_other() -> None:
    assert workload_of("driver", SEPARATE) == "spark-driver"
    assert workload_of("executor", SEPARATE) == "spark-executor"
    assert workload_of("driver", SHARED) == workload_of("executor", SHARED) == "spark"
    assert workload_of("driver", ("spark", "spark-executor")) == "spark"


def test_templates_are_found_in_the_directory_that_holds_them() -> None:
    settings = published()
    files = published_files({})
    for role in ("driver", "executor"):
        directory, _, name = settings[f"spark.kubernetes.{role}.podTemplateFile"].rpartition("/")
        assert directory == "${env:SPARK_CONF_DIR}"
        assert name in files
    assert "log4j2.properties" in files, "Spark hands on the file of this name"


def test_metrics_are_where_the_collector_of_the_node_looks() -> None:
    settings = published()
    agent = yaml.safe_load((MONITORING_FILES / "collectors" / "agent.yaml").read_text())
    (job,) = (
        each for each in agent["receivers"]["prometheus"]["config"]["scrape_configs"] if each["job_name"] == "spark"
    )
    asked = {label for rule in job["relabel_configs"] for label in rule.get("source_labels", [])}
    annotation = "spark.kubernetes.driver.annotation.prometheus.io/"
    given = {
        f"prometheus.io/{key.removeprefix(annotation)}": value
        for key, value in settings.items()
        if key.startswith(annotation)
    }
    for name in given:
        assert f"__meta_kubernetes_pod_annotation_{re.sub(r'[^a-z]', '_', name)}" in asked, name
    assert given["prometheus.io/scrape"] == "true"
    assert given["prometheus.io/port"] == settings["spark.ui.port"]
    assert given["prometheus.io/path"] == settings["spark.metrics.conf.*.sink.prometheusServlet.path"]


def test_nodes_stay_for_drivers_and_not_for_executors() -> None:
    settings = published()
    assert settings["spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt"] == "true"
    assert not [key for key in settings if key.startswith("spark.kubernetes.executor.annotation.")]


def test_metric_names_carry_no_application() -> None:
    assert "${" not in published()["spark.metrics.namespace"]


def test_executors_get_as_long_to_hand_over_their_blocks_as_nodes_give_them() -> None:
    settings = published()
    assert settings["spark.decommission.enabled"] == settings["spark.storage.decommission.enabled"] == "true"
    given = SHUTDOWN_SECONDS - SHUTDOWN_SECONDS_OF_CRITICAL_PODS
    assert seconds(settings["spark.kubernetes.executor.terminationGracePeriodSeconds"]) == given
    again = seconds(settings["spark.storage.decommission.replicationReattemptInterval"])
    assert 3 * again <= given, "what a task wrote last is found by another look, and must be moved then"


def test_idle_executors_are_not_killed_while_they_hand_over_their_blocks() -> None:
    settings = published()
    assert settings["spark.storage.decommission.shuffleBlocks.enabled"] == "true"
    limit = seconds(settings["spark.executor.decommission.forceKillTimeout"])
    given = seconds(settings["spark.kubernetes.executor.terminationGracePeriodSeconds"])
    assert limit > given, "only a node that goes sets a limit, and it sets its own"


def test_executors_come_and_go_without_an_external_shuffle_service() -> None:
    settings = published()
    assert settings["spark.dynamicAllocation.enabled"] == "true"
    assert settings["spark.dynamicAllocation.shuffleTracking.enabled"] == "true"
    assert "spark.shuffle.service.enabled" not in settings, "no such service runs on the nodes"
    assert "spark.kubernetes.allocation.pods.allocator" not in settings, "a StatefulSet removes its last pod first"


def test_no_executor_is_kept_for_ever() -> None:
    settings = published()
    idle = seconds(settings["spark.dynamicAllocation.executorIdleTimeout"])
    for kept_for in ("cachedExecutorIdleTimeout", "shuffleTracking.timeout"):
        assert idle < seconds(settings[f"spark.dynamicAllocation.{kept_for}"]) <= 3600


def test_the_largest_application_gets_all_its_executors_asked_for_in_half_a_minute() -> None:
    settings = published()
    assert MOST_EXECUTORS / int(settings["spark.kubernetes.allocation.batch.size"]) <= 30
    assert int(settings["spark.kubernetes.allocation.maxPendingPods"]) < MOST_EXECUTORS
    assert int(settings["spark.scheduler.maxRetainedRemovedDecommissionExecutors"]) >= MOST_EXECUTORS


def test_celeborn_takes_the_tracking_of_shuffles_over() -> None:
    settings = published(shuffle=CELEBORN)
    assert settings["spark.dynamicAllocation.shuffleTracking.enabled"] == "false"
    assert "spark.dynamicAllocation.shuffleTracking.timeout" not in settings
    assert settings["spark.shuffle.sort.io.plugin.class"].endswith("CelebornShuffleDataIO"), "or nobody may go"
    assert settings["spark.sql.adaptive.localShuffleReader.enabled"] == "false"
    assert settings["spark.serializer"].endswith("KryoSerializer")


def test_a_shuffle_that_celeborn_does_not_take_is_moved_when_its_executor_goes() -> None:
    """Without tracking, Spark removes executors whatever they wrote: blocks that move are what makes this safe."""
    settings = published(shuffle=CELEBORN)
    assert "spark.celeborn.client.spark.shuffle.fallback.policy" not in settings
    for key in ("decommission", "storage.decommission", "storage.decommission.shuffleBlocks"):
        assert settings[f"spark.{key}.enabled"] == "true"


def test_an_environment_says_how_many_executors_an_application_has() -> None:
    executors = ExecutorsSettings(minimum=1, initial=3, maximum=20)
    lines = environment_lines(SparkSettings(executors=executors), ACCOUNT, "events", SHARED, LOCAL)
    found = {key.rpartition(".")[2]: value for key, value in lines.items() if key.endswith("Executors")}
    assert found == {"minExecutors": "1", "initialExecutors": "3", "maxExecutors": "20"}


@pytest.mark.parametrize("numbers", [(3, 2, 5), (0, 6, 5), (6, 6, 5)])
def test_executors_start_between_the_fewest_and_the_most(numbers: tuple[int, int, int]) -> None:
    minimum, initial, maximum = numbers
    wrong = ExecutorsSettings.model_construct(minimum=minimum, initial=initial, maximum=maximum)
    (violation,) = wrong.rules()
    assert violation.field == "initial"
    assert not list(ExecutorsSettings(minimum=0, initial=0, maximum=1).rules())


def event_template() -> dict[str, Any]:
    text = (FILES / "log4j2.properties").read_text().replace("\\\n", "")
    (line,) = re.findall(r"eventTemplate = (.*)", text)
    return json.loads(line)


def test_each_log_line_is_json_with_what_a_search_needs() -> None:
    template = event_template()
    assert {"timestamp", "level", "logger", "message", "exception", "application", "executor"} <= set(template)
    assert "SPARK_APPLICATION_ID" in template["application"]
    assert template["exception"]["stackTrace"] == {"stringified": True}, "a trace over many lines is many records"


@pytest.mark.parametrize(
    "line", [{"a b": "1"}, {"a=b": "1"}, {"#a": "1"}, {"": "1"}, {"a": "1\n2"}, {"a": "b\\c"}, {"a": " b"}]
)
def test_a_line_that_spark_would_read_otherwise_is_refused(line: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"read back|no key"):
        as_properties(line)
