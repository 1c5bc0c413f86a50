"""Celeborn's objects, as the engine sees them."""

import pytest
import yaml

from components.monitoring.workloads import FILES as MONITORING_FILES
from components.shuffle.addresses import MASTER_PORTS, WORKER_PORTS, master_hosts
from components.shuffle.configuration import GRACE_SECONDS, METRICS_PATH
from components.shuffle.worker_directory import DIRECTORY
from components.shuffle.workers import MINUTES_A_WORKER
from tests.components.shuffle.celeborn_environment import TEAMS, build, workers
from tests.components.workloads.pods import (
    CONFIG_MAP,
    assert_common_shape,
    containers,
    mebibytes,
    openings,
    pod,
    update_timeouts,
    variables,
    violations_of_restricted,
)
from tests.recorder import Recorder, Registration

STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
VOLUME = "kubernetes:core/v1:PersistentVolume"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


def masters(recorded: Recorder) -> Registration:
    return recorded.named(STATEFUL_SET, "celeborn-master")


def worker_set(recorded: Recorder) -> Registration:
    return recorded.named(STATEFUL_SET, "celeborn-worker")


def test_masters_and_workers_have_the_shape_of_every_workload(recorded: Recorder) -> None:
    assert_common_shape(recorded)


def test_each_master_stands_in_a_zone_of_its_own_on_system_nodes(recorded: Recorder) -> None:
    assert masters(recorded).inputs["spec"]["replicas"] == 3
    spec = pod(masters(recorded))
    assert spec["nodeSelector"] == {"moka/workload": "system"}
    zone = next(each for each in spec["topologySpreadConstraints"] if each["topologyKey"].endswith("/zone"))
    assert (zone["whenUnsatisfiable"], zone["minDomains"]) == ("DoNotSchedule", 3)


def test_masters_start_together_because_one_alone_elects_no_leader(recorded: Recorder) -> None:
    assert masters(recorded).inputs["spec"]["podManagementPolicy"] == "Parallel"


def test_volumes_of_masters_go_with_them(recorded: Recorder) -> None:
    spec = masters(recorded).inputs["spec"]
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Delete", "whenScaled": "Delete"}
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["spec"]["storageClassName"] == "gp3"
    mounted = {each["name"]: each["mountPath"] for each in containers(masters(recorded))[0]["volumeMounts"]}
    files = recorded.only(CONFIG_MAP).inputs["data"]["celeborn-defaults.conf"]
    assert f"raft.server.storage.dir {mounted[claim['metadata']['name']]}/" in files


def test_a_worker_has_a_node_of_its_own_among_those_kept_for_shuffles(recorded: Recorder) -> None:
    assert worker_set(recorded).inputs["spec"]["replicas"] == 3
    spec = pod(worker_set(recorded))
    assert spec["nodeSelector"] == {"moka/workload": "shuffle"}
    (toleration,) = spec["tolerations"]
    assert (toleration["key"], toleration["value"], toleration["effect"]) == ("moka/workload", "shuffle", "NoSchedule")
    (apart,) = spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert apart["topologyKey"] == "kubernetes.io/hostname"
    assert apart["labelSelector"] == worker_set(recorded).inputs["spec"]["selector"]


def test_a_worker_finds_its_shuffles_again_after_it_was_rolled(recorded: Recorder) -> None:
    (volume,) = recorded.of(VOLUME)
    assert volume.inputs["spec"]["hostPath"] == {"path": DIRECTORY, "type": "DirectoryOrCreate"}
    claim = recorded.named(CLAIM, "celeborn-workers").inputs
    assert volume.inputs["spec"]["claimRef"] == {
        "namespace": claim["metadata"]["namespace"],
        "name": claim["metadata"]["name"],
    }
    (data,) = (each for each in pod(worker_set(recorded))["volumes"] if each["name"] == "data")
    assert data["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_root_gives_the_nodes_directory_to_the_worker_and_may_do_nothing_else(recorded: Recorder) -> None:
    (owner,) = pod(worker_set(recorded))["initContainers"]
    assert owner["command"] == ["chown", "10006:10006", "/data"]
    assert owner["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["CHOWN"]}
    found = violations_of_restricted(worker_set(recorded))
    assert found == ["celeborn-worker/owner may run as root", "celeborn-worker/owner keeps capabilities"]
    assert violations_of_restricted(masters(recorded)) == []
    labels = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_a_worker_gets_its_whole_time_to_stop(recorded: Recorder) -> None:
    assert pod(worker_set(recorded))["terminationGracePeriodSeconds"] == GRACE_SECONDS


def test_the_deployment_waits_for_all_workers_to_roll_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = update_timeouts(monkeypatch)
    build(size=9)
    assert int(seen["celeborn-worker"].removesuffix("m")) == 9 * MINUTES_A_WORKER
    assert MINUTES_A_WORKER * 60 > GRACE_SECONDS + 120


def test_one_master_and_one_worker_may_be_away(recorded: Recorder) -> None:
    budgets = recorded.of(BUDGET)
    assert {each.name for each in budgets} == {"celeborn-master", "celeborn-worker"}
    assert all(each.inputs["spec"]["maxUnavailable"] == 1 for each in budgets)


def test_heap_and_buffers_are_what_the_memory_limit_was_reckoned_for(recorded: Recorder) -> None:
    (worker,) = pod(worker_set(recorded))["containers"]
    given, size = variables(worker), workers()
    assert given["CELEBORN_WORKER_MEMORY"] == f"{size.heap_gib}g"
    assert given["CELEBORN_WORKER_OFFHEAP_MEMORY"] == f"{size.direct_gib}g"
    assert mebibytes(worker["resources"]["limits"]["memory"]) == size.memory_mib
    (master,) = pod(masters(recorded))["containers"]
    heap = int(variables(master)["CELEBORN_MASTER_MEMORY"].removesuffix("g")) * 1024
    assert heap < mebibytes(master["resources"]["limits"]["memory"])


@pytest.mark.parametrize("role", ["master", "worker"])
def test_a_process_goes_by_the_name_that_its_service_gives_it(recorded: Recorder, role: str) -> None:
    found = recorded.named(STATEFUL_SET, f"celeborn-{role}")
    (container,) = pod(found)["containers"]
    environment = list(variables(container))
    assert environment.index("POD_NAME") < environment.index("CELEBORN_LOCAL_HOSTNAME"), "Kubernetes looks back only"
    host = variables(container)["CELEBORN_LOCAL_HOSTNAME"]
    service = recorded.named(SERVICE, f"celeborn-{role}").inputs
    assert host == f"$(POD_NAME).{service['metadata']['name']}.celeborn.svc.cluster.local"
    assert service["metadata"]["name"] == found.inputs["spec"]["serviceName"]
    assert service["spec"]["publishNotReadyAddresses"] is True
    if role == "master":
        assert host.replace("$(POD_NAME)", "celeborn-master-2") == master_hosts()[2]


@pytest.mark.parametrize(("role", "ports"), [("master", MASTER_PORTS), ("worker", WORKER_PORTS)])
def test_ports_have_names_of_which_scrapes_take_http(recorded: Recorder, role: str, ports: dict[str, int]) -> None:
    found = recorded.named(STATEFUL_SET, f"celeborn-{role}")
    (container,) = pod(found)["containers"]
    assert {each["name"]: each["containerPort"] for each in container["ports"]} == ports
    jobs = yaml.safe_load((MONITORING_FILES / "collectors" / "cluster.yaml").read_text())
    scrapes = jobs["receivers"]["prometheus"]["config"]["scrape_configs"]
    (job,) = (each for each in scrapes if each["job_name"] == "celeborn")
    assert job["metrics_path"] == METRICS_PATH
    assert job["relabel_configs"][0]["regex"] == "http"


def sources(recorded: Recorder) -> dict[tuple[str, int], set[str]]:
    """Role and port to the namespaces that reach it."""
    found: dict[tuple[str, int], set[str]] = {}
    for source, ports, labels in openings(recorded):
        namespace = source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for port in ports:
            found.setdefault((labels["app.kubernetes.io/name"], port), set()).add(namespace)
    return found


def test_teams_reach_what_applications_need_and_collectors_the_metrics(recorded: Recorder) -> None:
    teams, collectors = set(TEAMS), {"monitoring"}
    assert sources(recorded) == {
        ("celeborn-master", 9097): teams,
        ("celeborn-master", 9098): collectors,
        ("celeborn-worker", 9091): teams,
        ("celeborn-worker", 9092): teams,
        ("celeborn-worker", 9093): teams,
        ("celeborn-worker", 9096): collectors,
    }


def test_without_teams_no_policy_lets_everybody_in() -> None:
    assert {port for _, port in sources(build(namespaces=()))} == {9096, 9098}


def test_policies_of_one_workload_have_different_names(recorded: Recorder) -> None:
    names = [each.inputs["metadata"]["name"] for each in recorded.of("kubernetes:networking.k8s.io/v1:NetworkPolicy")]
    assert len(set(names)) == len(names)


def test_workers_come_after_masters_and_go_before_them(recorded: Recorder) -> None:
    assert f"{STATEFUL_SET}::celeborn-master" in worker_set(recorded).depends_on
    for found in (masters(recorded), worker_set(recorded)):
        assert f"{SERVICE}::{found.name}" in found.depends_on
        assert f"kubernetes:core/v1:ServiceAccount::{found.name}" in found.depends_on


def test_a_changed_configuration_rolls_both(recorded: Recorder) -> None:
    name = recorded.only(CONFIG_MAP).name
    for found in (masters(recorded), worker_set(recorded)):
        (volume,) = (each for each in pod(found)["volumes"] if each["name"] == "configuration")
        assert volume["configMap"]["name"].startswith(name)
        (container,) = pod(found)["containers"]
        (mounted,) = (each for each in container["volumeMounts"] if each["name"] == "configuration")
        assert mounted["mountPath"] == variables(container)["CELEBORN_CONF_DIR"]


def test_nothing_is_written_but_to_volumes(recorded: Recorder) -> None:
    for found in (masters(recorded), worker_set(recorded)):
        (container,) = pod(found)["containers"]
        writable = {each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")}
        assert writable == {"/data", "/tmp"}
        assert {variables(container)[f"CELEBORN_{each}_DIR"] for each in ("LOG", "PID")} <= writable
