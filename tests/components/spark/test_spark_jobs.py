"""The Spark namespace under mocks: admission, what a driver may do, what it finds there."""

import pytest

from components.cluster.node_config import EVENT_LOG_DIRECTORY
from components.spark.settings import SparkSettings
from tests.components.spark.spark_environment import SEPARATE, build_jobs
from tests.components.workloads.pods import CONFIG_MAP
from tests.recorder import Recorder

ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
VOLUME = "kubernetes:core/v1:PersistentVolume"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


@pytest.fixture(scope="module")
def jobs() -> Recorder:
    return build_jobs()


def settings_of(recorder: Recorder) -> dict[str, str]:
    """Spark's defaults as Spark reads them: later lines win."""
    text = recorder.only(CONFIG_MAP).inputs["data"]["spark-defaults.conf"]
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {key: value.strip() for key, value in lines}


def test_the_namespace_admits_what_spark_submit_makes_and_no_privileged_pod(jobs: Recorder) -> None:
    labels = jobs.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_a_driver_manages_executors_in_its_own_namespace_and_reads_no_secret(jobs: Recorder) -> None:
    rules = jobs.only(ROLE).inputs["rules"]
    resources = {resource for rule in rules for resource in rule["resources"]}
    verbs = {verb for rule in rules for verb in rule["verbs"]}
    assert {"pods", "services", "configmaps"} <= resources
    assert not {"*", "secrets", "serviceaccounts"} & resources
    assert not {"*", "escalate", "bind", "impersonate"} & verbs
    subject = jobs.only(BINDING).inputs["subjects"][0]
    assert (subject["name"], subject["namespace"]) == ("spark", "spark")
    assert not jobs.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")


def test_objects_wait_for_the_namespace(jobs: Recorder) -> None:
    for type_token in (ROLE, BINDING, CLAIM, CONFIG_MAP, "kubernetes:core/v1:ServiceAccount"):
        waits = jobs.only(type_token).depends_on
        assert any("Namespace" in each or "Role::" in each for each in waits), type_token


def test_the_claim_and_the_volume_are_each_others_and_nobody_makes_another_volume(jobs: Recorder) -> None:
    volume, claim = jobs.only(VOLUME).inputs, jobs.only(CLAIM).inputs
    assert volume["spec"]["claimRef"] == {"namespace": "spark", "name": claim["metadata"]["name"]}
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"] == ""
    assert volume["spec"]["accessModes"] == claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert claim["metadata"]["namespace"] == "spark"
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


def test_a_destroy_does_not_wait_for_running_drivers(jobs: Recorder) -> None:
    assert jobs.only(CLAIM).retain_on_delete, "Kubernetes keeps a claim while a pod uses it"
    assert not jobs.only(VOLUME).retain_on_delete
    waits = jobs.only("kubernetes:core/v1:Namespace").depends_on
    assert "kubernetes:core/v1:PersistentVolume::spark-event-logs" in waits, "the namespace must go before the volume"


def test_drivers_mount_the_directory_that_nodes_make_and_keep_their_buffers_there(jobs: Recorder) -> None:
    host_path = jobs.only(VOLUME).inputs["spec"]["hostPath"]
    assert host_path == {"path": EVENT_LOG_DIRECTORY, "type": "Directory"}
    settings = settings_of(jobs)
    mounted = "spark.kubernetes.driver.volumes.persistentVolumeClaim.event-logs"
    assert settings[f"{mounted}.options.claimName"] == jobs.only(CLAIM).inputs["metadata"]["name"]
    assert settings[f"{mounted}.mount.path"] == settings["spark.kubernetes.driverEnv.SPARK_EVENT_LOG_DIRECTORY"]
    assert settings[f"{mounted}.mount.path"] == EVENT_LOG_DIRECTORY
    assert settings[f"{mounted}.mount.readOnly"] == "false"
    assert not [key for key in settings if key.startswith("spark.kubernetes.executor.volumes.")]


def test_the_defaults_keep_their_name_through_every_change() -> None:
    for settings in (SparkSettings(), SparkSettings(event_log_roll_mib=64)):
        config_map = build_jobs(settings).only(CONFIG_MAP).inputs
        assert (config_map["metadata"]["name"], config_map["metadata"]["namespace"]) == ("spark-defaults", "spark")
        assert "immutable" not in config_map


def test_settings_reach_the_defaults() -> None:
    image = "registry.example/spark:4.1.2"
    settings = settings_of(build_jobs(SparkSettings(image=image, event_log_roll_mib=64), SEPARATE))
    assert settings["spark.kubernetes.container.image"] == image
    assert settings["spark.eventLog.rolling.maxFileSize"] == "64m"
    assert settings["spark.eventLog.dir"] == "s3a://events/"
    assert settings["spark.hadoop.fs.s3a.endpoint.region"] == "us-east-1"
    assert settings["spark.kubernetes.driver.node.selector.moka/workload"] == "spark-driver"
    assert settings["spark.kubernetes.executor.node.selector.moka/workload"] == "spark-executor"
    assert "spark.kubernetes.container.image" not in settings_of(build_jobs())


def test_no_drain_evicts_a_driver_and_executors_may_go(jobs: Recorder) -> None:
    spec = jobs.only("kubernetes:policy/v1:PodDisruptionBudget").inputs["spec"]
    assert spec["selector"] == {"matchLabels": {"spark-role": "driver"}}
    # Kubernetes reckons with pods that have no controller by a minimum in pods only.
    assert isinstance(spec["minAvailable"], int | float)
    assert spec["minAvailable"] > 100_000
    assert "maxUnavailable" not in spec
