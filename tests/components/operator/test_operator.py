"""The Spark Operator's objects and values, as the engine sees them."""

import json
from ipaddress import IPv4Network
from typing import Any

import pytest

from components.account import Account
from components.charts.settings import ChartsSettings
from components.images.table import SPARK_OPERATOR_CONTROLLER
from components.operator.operator import SparkOperator
from components.operator.settings import OperatorSettings
from components.operator.submission import PLACES, submitted_pods
from components.operator.values import operator_values
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import COMPANIONS, DEFAULTS, environment_lines, published_files
from components.spark.settings import SparkSettings
from tests.components.workloads.pods import CONFIG_MAP, openings, recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

RELEASE = "kubernetes:helm.sh/v3:Release"
ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
TEAMS = ("spark-search", "spark-ads")
FILES = published_files(
    environment_lines(
        SparkSettings(),
        ACCOUNT,
        "events",
        ("spark-driver", "spark-executor"),
        ShuffleSettings(),
    )
)


def build(settings: OperatorSettings | None = None) -> Recorder:
    return record(
        lambda: SparkOperator(
            "spark-operator",
            settings or OperatorSettings(),
            ChartsSettings(),
            ACCOUNT,
            namespaces=TEAMS,
            defaults=FILES,
            control_plane=[IPv4Network("10.16.0.0/20")],
        ),
        recorder(),
    )


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


@pytest.fixture(scope="module")
def values(recorded: Recorder) -> dict[str, Any]:
    return recorded.only(RELEASE).inputs["values"]


def test_the_namespace_is_restricted(recorded: Recorder) -> None:
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_release_waits_for_its_namespace_and_its_files(recorded: Recorder) -> None:
    assert {
        "kubernetes:core/v1:Namespace::spark-operator-namespace",
        "kubernetes:core/v1:ConfigMap::spark-operator-submission",
    } <= set(recorded.only(RELEASE).depends_on)


def test_it_watches_the_namespaces_of_teams_and_leaves_their_accounts_alone(values: dict[str, Any]) -> None:
    assert values["spark"] == {
        "jobNamespaces": ["spark-ads", "spark-search"],
        "serviceAccount": {"create": False},
        "rbac": {"create": False},
    }


@pytest.mark.parametrize("namespaces", [(), ("",), ("spark-ads", "")])
def test_it_is_never_told_to_watch_every_namespace(namespaces: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="watches every one"):
        operator_values(OperatorSettings(), SPARK_OPERATOR_CONTROLLER, namespaces, "files")


@pytest.mark.parametrize("part", ["controller", "webhook"])
def test_several_replicas_spread_and_one_may_go_at_a_time(values: dict[str, Any], part: str) -> None:
    assert values[part]["replicas"] == 2
    assert values[part]["podDisruptionBudget"] == {"enable": True, "minAvailable": 1}
    keys = [each["topologyKey"] for each in values[part]["topologySpreadConstraints"]]
    assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    three = build(OperatorSettings(replicas=3)).only(RELEASE).inputs["values"]
    assert three[part]["podDisruptionBudget"]["minAvailable"] == 2


@pytest.mark.parametrize("part", ["controller", "webhook"])
def test_a_single_replica_is_drained_and_needs_no_spread(part: str) -> None:
    alone = build(OperatorSettings(replicas=1)).only(RELEASE).inputs["values"][part]
    assert alone["podDisruptionBudget"]["enable"] is False
    assert alone["topologySpreadConstraints"] == []


@pytest.mark.parametrize("part", ["controller", "webhook"])
def test_its_pods_are_platform_pods_on_system_nodes(values: dict[str, Any], part: str) -> None:
    assert values[part]["priorityClassName"] == "moka-platform"
    assert values[part]["nodeSelector"] == {"moka/workload": "system"}


def test_applications_go_to_yunikorn_and_get_no_web_address(values: dict[str, Any]) -> None:
    controller = values["controller"]
    assert controller["batchScheduler"] == {"enable": True, "default": "yunikorn"}
    assert controller["uiService"] == controller["uiIngress"] == {"enable": False}


def test_the_api_server_reaches_the_webhook_and_collectors_the_metrics_and_nobody_anything_else(
    recorded: Recorder,
) -> None:
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    found = {
        (json.dumps(source), *ports, pods["app.kubernetes.io/component"]) for source, ports, pods in openings(recorded)
    }
    assert found == {
        (json.dumps(monitoring), 8080, "controller"),
        (json.dumps(monitoring), 8080, "webhook"),
        (json.dumps({"ipBlock": {"cidr": "10.16.0.0/20"}}), 9443, "webhook"),
    }


def test_every_file_of_a_submission_lies_where_spark_and_the_operator_look(
    recorded: Recorder, values: dict[str, Any]
) -> None:
    config_map, controller = recorded.only(CONFIG_MAP), values["controller"]
    assert set(config_map.inputs["data"]) == set(PLACES) == {DEFAULTS, *COMPANIONS, "spark_submit.py", "pods.json"}
    volume = next(each["configMap"] for each in controller["volumes"] if "configMap" in each)
    assert volume["name"] == "spark-operator-submission-1a2b3c4d"
    assert int(volume["defaultMode"]) & 0o111, "spark-submit must be executable"
    directory = next(each["mountPath"] for each in controller["volumeMounts"] if each["name"] == "submission")
    variables = {each["name"]: each["value"] for each in controller["env"]}
    places = {each["key"]: f"{directory}/{each['path']}" for each in volume["items"]}
    assert places["spark_submit.py"] == f"{variables['SPARK_HOME']}/bin/spark-submit"
    assert places["pods.json"] == variables["SUBMITTED_PODS"]
    assert {places[name] for name in (DEFAULTS, *COMPANIONS)} == {
        f"{variables['SPARK_CONF_DIR']}/{name}" for name in (DEFAULTS, *COMPANIONS)
    }


def test_another_default_makes_another_config_map(recorded: Recorder) -> None:
    assert recorded.only(CONFIG_MAP).inputs["immutable"] is True
    assert "name" not in recorded.only(CONFIG_MAP).inputs["metadata"]


def test_submitted_pods_have_the_nodes_and_tolerations_of_the_defaults() -> None:
    pods = submitted_pods(FILES)
    assert {role: each["nodeSelector"] for role, each in pods.items()} == {
        "driver": {"moka/workload": "spark-driver"},
        "executor": {"moka/workload": "spark-executor"},
    }
    tolerated = [each["value"] for each in pods["executor"]["spec"]["tolerations"]]
    assert tolerated == ["spark-executor", "spark"]


def test_a_controller_has_memory_for_every_submission_at_once() -> None:
    few, many = (OperatorSettings(submissions_at_once=count) for count in (2, 20))
    heap = 256
    assert many.controller_memory_mib - few.controller_memory_mib >= 18 * heap
    variables = {
        each["name"]: each["value"]
        for each in operator_values(few, SPARK_OPERATOR_CONTROLLER, TEAMS, "f")["controller"]["env"]
    }
    assert variables["SPARK_SUBMIT_OPTS"] == f"-Xmx{heap}m"
