"""A team's namespace under mocks: admission, bounds, who may do what there, what a driver finds there."""

import pytest

from components.cluster.node_config import EVENT_LOG_DIRECTORY
from components.images.table import SPARK
from components.spark.settings import SparkSettings
from tests.components.teams.team_environment import ACCOUNT, SEPARATE, build_teams, team
from tests.components.workloads.pods import CONFIG_MAP, NETWORK_POLICY
from tests.recorder import Recorder

ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
VOLUME = "kubernetes:core/v1:PersistentVolume"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


NAMESPACE = "kubernetes:core/v1:Namespace"


@pytest.fixture(scope="module")
def sales() -> Recorder:
    return build_teams()


def settings_of(recorder: Recorder) -> dict[str, str]:
    """Spark's defaults as Spark reads them: later lines win."""
    text = recorder.only(CONFIG_MAP).inputs["data"]["spark-defaults.conf"]
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {key: value.strip() for key, value in lines}


def test_the_namespace_admits_what_spark_submit_makes_and_no_privileged_pod(sales: Recorder) -> None:
    labels = sales.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_a_driver_manages_executors_in_its_own_namespace_and_reads_no_secret(sales: Recorder) -> None:
    rules = sales.named(ROLE, "spark-sales-drivers").inputs["rules"]
    resources = {resource for rule in rules for resource in rule["resources"]}
    verbs = {verb for rule in rules for verb in rule["verbs"]}
    assert {"pods", "services", "configmaps"} <= resources
    assert not {"*", "secrets", "serviceaccounts"} & resources
    assert not {"*", "escalate", "bind", "impersonate"} & verbs
    (subject,) = sales.named(BINDING, "spark-sales-drivers").inputs["subjects"]
    assert (subject["kind"], subject["name"], subject["namespace"]) == ("ServiceAccount", "spark", "spark-sales")
    assert not sales.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")


def test_people_submit_watch_and_delete_in_their_namespace_and_take_no_other_rights(sales: Recorder) -> None:
    role, binding = (sales.named(each, "spark-sales-people").inputs for each in (ROLE, BINDING))
    allowed = {(resource, verb) for rule in role["rules"] for resource in rule["resources"] for verb in rule["verbs"]}
    for resource in ("sparkapplications", "scheduledsparkapplications", "pods", "services", "configmaps"):
        assert {(resource, verb) for verb in ("create", "get", "list", "watch", "delete")} <= allowed
    assert {("pods/log", "get"), ("pods/portforward", "create")} <= allowed
    named = {resource for resource, _ in allowed}
    assert not {"*", "secrets", "roles", "rolebindings", "pods/exec", "pods/attach", "pods/ephemeralcontainers"} & named
    changed = {resource for resource, verb in allowed if verb not in ("get", "list", "watch")}
    assert not {"serviceaccounts", "resourcequotas", "limitranges"} & changed
    assert not {"*", "escalate", "bind", "impersonate"} & {verb for _, verb in allowed}
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    (subject,) = binding["subjects"]
    assert (subject["kind"], subject["name"]) == ("Group", "moka:sales")


def test_the_quota_counts_objects_and_opens_no_port_of_nodes() -> None:
    big = team(queue={"maximum": {"vcpus": 4000, "memory_gib": 32000}})
    recorded = build_teams({"small": team(), "big": big})
    hard = {
        each.inputs["metadata"]["namespace"]: each.inputs["spec"]["hard"]
        for each in recorded.of("kubernetes:core/v1:ResourceQuota")
    }
    assert (hard["spark-small"]["count/pods"], hard["spark-big"]["count/pods"]) == ("100", "8000")
    for each in hard.values():
        assert each["services.nodeports"] == each["services.loadbalancers"] == "0"
        assert not [key for key in each if key.startswith(("requests.", "limits.", "cpu", "memory"))], (
            "the queue lets pods wait that a quota would refuse"
        )


def test_a_container_that_asks_for_nothing_counts_in_the_queue_and_none_needs_a_limit(sales: Recorder) -> None:
    (item,) = sales.only("kubernetes:core/v1:LimitRange").inputs["spec"]["limits"]
    assert set(item["defaultRequest"]) == {"cpu", "memory", "ephemeral-storage"}
    assert set(item) == {"type", "defaultRequest"}, "Kubernetes refuses containers without a limit that has a maximum"


def test_nobody_but_collectors_reaches_a_driver_from_other_namespaces(sales: Recorder) -> None:
    own, outward, collectors = (each.inputs["spec"] for each in sales.of(NETWORK_POLICY))
    assert outward["policyTypes"] == ["Egress"]
    assert (own["podSelector"], own["ingress"]) == ({}, [{"from": [{"podSelector": {}}]}])
    (rule,) = collectors["ingress"]
    (source,) = rule["from"]
    assert source["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    assert collectors["podSelector"]["matchLabels"] == {"spark-role": "driver"}
    for each in sales.of(NETWORK_POLICY):
        assert each.inputs["metadata"]["namespace"] == "spark-sales"


def test_each_team_has_a_namespace_of_its_own_with_all_of_its_service_accounts() -> None:
    recorded = build_teams({"sales": team(), "ads": team(service_accounts={"spark": {}, "ingest": {}})})
    accounts = {
        (each.inputs["metadata"]["namespace"], each.inputs["metadata"]["name"])
        for each in recorded.of("kubernetes:core/v1:ServiceAccount")
    }
    assert accounts == {("spark-sales", "spark"), ("spark-ads", "spark"), ("spark-ads", "ingest")}
    subjects = recorded.named(BINDING, "spark-ads-drivers").inputs["subjects"]
    assert {each["name"] for each in subjects} == {"spark", "ingest"}


def test_objects_wait_for_the_namespace(sales: Recorder) -> None:
    for type_token in (ROLE, BINDING, CLAIM, CONFIG_MAP, NETWORK_POLICY, "kubernetes:core/v1:ServiceAccount"):
        for each in sales.of(type_token):
            assert any("Namespace" in waits for waits in each.depends_on), each.name


def test_the_claim_and_the_volume_are_each_others_and_nobody_makes_another_volume(sales: Recorder) -> None:
    volume, claim = sales.only(VOLUME).inputs, sales.only(CLAIM).inputs
    assert volume["spec"]["claimRef"] == {"namespace": "spark-sales", "name": claim["metadata"]["name"]}
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"] == ""
    assert volume["spec"]["accessModes"] == claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert claim["metadata"]["namespace"] == "spark-sales"
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


def test_a_destroy_does_not_wait_for_running_drivers(sales: Recorder) -> None:
    assert sales.only(CLAIM).retain_on_delete, "Kubernetes keeps a claim while a pod uses it"
    assert not sales.only(VOLUME).retain_on_delete
    waits = sales.only("kubernetes:core/v1:Namespace").depends_on
    assert "kubernetes:core/v1:PersistentVolume::spark-sales-event-logs" in waits, (
        "the namespace must go before the volume"
    )


def test_drivers_mount_the_directory_that_nodes_make_and_keep_their_buffers_there(sales: Recorder) -> None:
    host_path = sales.only(VOLUME).inputs["spec"]["hostPath"]
    assert host_path == {"path": EVENT_LOG_DIRECTORY, "type": "Directory"}
    settings = settings_of(sales)
    mounted = "spark.kubernetes.driver.volumes.persistentVolumeClaim.event-logs"
    assert settings[f"{mounted}.options.claimName"] == sales.only(CLAIM).inputs["metadata"]["name"]
    assert settings[f"{mounted}.mount.path"] == settings["spark.kubernetes.driverEnv.SPARK_EVENT_LOG_DIRECTORY"]
    assert settings[f"{mounted}.mount.path"] == EVENT_LOG_DIRECTORY
    assert settings[f"{mounted}.mount.readOnly"] == "false"
    assert not [key for key in settings if key.startswith("spark.kubernetes.executor.volumes.")]


def test_the_defaults_keep_their_name_through_every_change() -> None:
    for settings in (SparkSettings(), SparkSettings(event_log_roll_mib=64)):
        config_map = build_teams(settings=settings).only(CONFIG_MAP).inputs
        assert (config_map["metadata"]["name"], config_map["metadata"]["namespace"]) == (
            "spark-defaults",
            "spark-sales",
        )
        assert "immutable" not in config_map


def test_settings_reach_the_defaults() -> None:
    image = "registry.example/spark:4.1.2"
    settings = settings_of(build_teams(settings=SparkSettings(image=image, event_log_roll_mib=64), workloads=SEPARATE))
    assert settings["spark.kubernetes.container.image"] == image
    assert settings["spark.kubernetes.namespace"] == "spark-sales"
    assert settings["spark.eventLog.rolling.maxFileSize"] == "64m"
    assert settings["spark.eventLog.dir"] == "s3a://events/teams/${spark.kubernetes.namespace}/"
    assert settings["spark.hadoop.fs.s3a.endpoint.region"] == "us-east-1"
    assert settings["spark.kubernetes.driver.node.selector.moka/workload"] == "spark-driver"
    assert settings["spark.kubernetes.executor.node.selector.moka/workload"] == "spark-executor"
    own_image = SPARK.below(ACCOUNT.images).reference
    assert settings_of(build_teams())["spark.kubernetes.container.image"] == own_image


def test_no_drain_evicts_a_driver_and_executors_may_go(sales: Recorder) -> None:
    spec = sales.only("kubernetes:policy/v1:PodDisruptionBudget").inputs["spec"]
    assert spec["selector"] == {"matchLabels": {"spark-role": "driver"}}
    # Kubernetes reckons with pods that have no controller by a minimum in pods only.
    assert isinstance(spec["minAvailable"], int | float)
    assert spec["minAvailable"] > 100_000
    assert "maxUnavailable" not in spec
