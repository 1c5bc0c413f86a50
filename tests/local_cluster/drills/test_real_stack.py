"""Dev with real nodes: its platform's containers run with their rendered configuration, and so does an application."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.settings import STACKS
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.nodes.real import control_groups
from local_cluster.nodes.real.images import FLUENT_BIT_VARIABLE
from local_cluster.people import DEPLOYER
from local_cluster.spark.application import application_of
from local_cluster.spark.traces import requests_of
from moka_smoke.spark_application import manifest
from moka_smoke.word_count import NAME
from offline.summary import stack_outputs
from tests.local_cluster.conftest import on
from tests.local_cluster.containers import needs_containers
from tests.local_cluster.drills.attempts import ATTEMPTS, PLANTED_APPLICATION, Attempt, in_queue
from tests.local_cluster.drills.guide import commands, run
from tests.local_cluster.drills.network_policies import Connection, refusals
from tests.local_cluster.drills.pages import PAGES
from tests.local_cluster.drills.pages import run as run_page
from tests.local_cluster.drills.planted_alert import plant_an_alert
from tests.local_cluster.drills.planted_objects import made
from tests.local_cluster.drills.running_stack import RunningStack, wait_until

pytestmark = [pytest.mark.cluster, needs_containers, on("dev with containers")]

LIVE_UI = "docs/live-ui.md"
# No registry of packages has the log agent; whoever names one has its steps, too.
SHIPS_LOGS = bool(os.environ.get(FLUENT_BIT_VARIABLE))
# What dev has of platform workloads whose images can be built from registries of packages.
BUILT = {"alertmanager-0-0", "prometheus-0-0", "otel-cluster", "otel-agent", "spark-history-server"}


def real_nodes(dev: RunningStack) -> set[str]:
    """Names of the real ones."""
    return {each["metadata"]["name"] for each in dev.listed("Node") if is_real(each)}


def pods_on_real_nodes(dev: RunningStack) -> dict[str, dict[str, Any]]:
    """Pods whose containers run, by the name of their workload."""
    nodes = real_nodes(dev)
    found = [each for each in dev.listed("Pod") if each["spec"].get("nodeName") in nodes]
    return {_workload(each): each for each in found}


def _workload(pod: dict[str, Any]) -> str:
    name, owners = pod["metadata"]["name"], pod["metadata"].get("ownerReferences") or [{"kind": "", "name": ""}]
    kind, owner = owners[0]["kind"], owners[0]["name"]
    return {"ReplicaSet": owner.rpartition("-")[0], "DaemonSet": owner}.get(kind, name)


def prometheus(dev: RunningStack, query: str) -> list[dict[str, Any]]:
    """What Prometheus answers, through the API server."""
    path = "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query"
    done = dev.kubectl("get", "--raw", f"{path}?query={query}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["data"]["result"]


def test_a_real_node_stands_for_each_node_group(dev: RunningStack) -> None:
    nodes = [each["metadata"]["labels"] for each in dev.listed("Node") if is_real(each)]
    groups = sorted(labels["eks.amazonaws.com/nodegroup"].rpartition("-")[0] for labels in nodes)
    assert groups == ["spark-graviton", "spark-intel", "system"]
    assert {labels["topology.kubernetes.io/zone"] for labels in nodes} <= {"us-east-1a", "us-east-1b"}


def test_what_can_be_built_runs_and_is_ready_by_its_own_probes_and_the_rest_is_simulated(dev: RunningStack) -> None:
    dev.converges()
    found = pods_on_real_nodes(dev)
    assert set(found) >= BUILT
    assert ("fluent-bit" in found) == SHIPS_LOGS
    for name in BUILT:
        container = found[name]["spec"]["containers"][0]
        assert "readinessProbe" in container, name
        # The security context was in force: whoever could not live under it would not be ready.
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"], name


def test_another_preview_shows_no_change(dev: RunningStack) -> None:
    assert not dev.preview().has_changes


def test_collectors_scrape_what_runs_and_prometheus_has_it(dev: RunningStack) -> None:
    jobs = {"prometheus", "alertmanager", "otel-cluster", "otel-agent", "kubelet", "cadvisor", "apiserver"}

    def scraped() -> set[str]:
        return {each["metric"]["job"] for each in prometheus(dev, "up==1")}

    wait_until(lambda: scraped() >= jobs, lambda: sorted(jobs - scraped()))

    def measured() -> set[str]:
        return {each["metric"]["node"] for each in prometheus(dev, "container_memory_working_set_bytes")}

    wait_until(lambda: measured() == real_nodes(dev), lambda: sorted(measured()))


def test_network_policies_let_every_pod_that_is_scraped_be_scraped_by_whoever_does(dev: RunningStack) -> None:
    running = pods_on_real_nodes(dev)
    policies = dev.listed("NetworkPolicy", "networking.k8s.io/v1")
    namespaces = dev.listed("Namespace")
    by_address = {each["status"]["podIP"]: each for each in running.values() if each["status"].get("podIP")}
    asked = set[str]()
    for each in prometheus(dev, 'up{job=~"prometheus|alertmanager"}==1'):
        address, _, port = each["metric"]["instance"].partition(":")
        if (target := by_address.get(address)) is None:
            # What it says of itself passes no policy.
            assert (address, each["metric"]["job"]) == ("localhost", "prometheus")
            continue
        asked.add(target["metadata"]["name"])
        assert refusals(policies, namespaces, Connection(running["otel-cluster"], target, int(port))) == [], each
    assert asked >= {"alertmanager-0-0"}
    stranger = {
        "metadata": {"name": "stranger", "namespace": "spark-analytics", "labels": {}},
        "spec": {"containers": []},
    }
    assert refusals(policies, namespaces, Connection(stranger, running["prometheus-0-0"], 9090)) != []


def test_an_alert_reaches_its_receiver(dev: RunningStack) -> None:
    plant_an_alert(dev)

    def told() -> dict[str, str]:
        asked = requests_of(dev.cluster.directory, "monitoring/alertmanager")
        return {
            each["resources"][0].rpartition(":")[2].partition("-")[0]: each["decision"]
            for each in asked
            if "sns:Publish" in each["actions"]
        }

    # The topic's subscribers are the receivers; the heartbeat is what tells that alerts would come.
    wait_until(lambda: told() == {"alerts": "allowed", "heartbeat": "allowed"}, lambda: [json.dumps(told())])


def test_every_command_of_the_guide_works_and_an_application_leaves_behind_what_it_should(dev: RunningStack) -> None:
    (use, *_), (_, pods, requests, lookup, buckets, spark) = commands(real=False)[4:], commands(real=True)
    assert spark == "make spark STACK=dev"
    done = run([use, pods, requests, lookup, buckets, spark], dev.home)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert re.search(r"monitoring/alertmanager +sns:Publish +allowed", done.stdout)
    assert "172.20." in done.stdout
    assert "moka-dev-spark-logs-222222222222-us-east-1" in done.stdout
    steps = 14 if SHIPS_LOGS else 12
    assert f"The word count went through: {steps} of {steps}." in done.stdout


def test_the_smoke_test_of_a_real_account_goes_through_here_too(dev: RunningStack) -> None:
    words = ["moka_smoke", dev.name, "--kubeconfig", str(dev.cluster.directory.kubeconfig), "--context", "analytics"]
    # By then all has happened, or never will.
    words += ["--executors", "1", "--timeout-minutes", "3"]
    inside = ["local_cluster", "exec", dev.name, sys.executable, "-m", *words]
    done = subprocess.run(
        [sys.executable, "-m", *inside],
        cwd=STACKS.parent,
        env={**os.environ, "MOKA_CLUSTER_HOME": str(dev.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    summary = done.stdout.strip().splitlines()[-1]
    if SHIPS_LOGS:
        assert summary == "The word count went through: 11 of 11.", done.stderr
    else:
        # What the log agent ships.
        assert summary == "2 of 11 are missing: the driver's log is in S3; its role was refused nothing", done.stderr
    left = dev.listed("SparkApplication", "sparkoperator.k8s.io/v1beta2", namespace="spark-analytics")
    assert not [each["metadata"]["name"] for each in left if "smoke" in each["metadata"]["name"]]


def variables_of(dev: RunningStack) -> dict[str, str]:
    """A shell's, in which kubectl means the cluster."""
    directory = dev.cluster.directory
    return {"KUBECONFIG": str(directory.kubeconfig), "PATH": f"{directory.programs}:{os.environ['PATH']}"}


@pytest.mark.parametrize("page", [each for each in PAGES if each != LIVE_UI])
def test_every_statement_of_a_page_works_in_the_context_of_its_reader(
    dev: RunningStack, page: str, tmp_path: Path
) -> None:
    outputs = stack_outputs(json.loads(dev.state_file.read_text())["checkpoint"]["latest"])
    defaults = tmp_path / "defaults"
    defaults.write_text(outputs["spark_defaults_command"])
    replaced = {
        "$PWD": str(tmp_path),
        "NODE": next(iter(real_nodes(dev))),
        "<pod>": f"{NAME}-driver",
        "pulumi stack output spark_defaults_command": f"cat {defaults}",
        "role/sales": "role/analytics",
        "spark-ads": "spark-analytics",
        "spark-sales": "spark-analytics",
        # It is refused or taken; nobody waits for it to run.
        "kubectl create": "kubectl create --dry-run=server",
    }
    context = "analytics" if page.startswith("examples/") else DEPLOYER
    done = run_page(page, context, replaced, variables_of(dev))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    if page == "docs/spark.md":
        assert {each.name for each in (tmp_path / "spark-conf").iterdir()} >= {
            "spark-defaults.conf",
            "log4j2.properties",
        }
    if page == "docs/queues.md":
        assert "root.spark-analytics" in done.stdout


def test_the_pages_of_a_running_driver_are_reached_by_the_port_that_the_page_forwards(dev: RunningStack) -> None:
    application = application_of(STACKS.parent, dev.name).word_count
    patient = replace(application, name="word-count-ui")
    asked_for = manifest(patient)
    asked_for["spec"]["arguments"] = patient.arguments(linger_seconds=300)
    asked = dev.cluster.directory.root / "word-count-ui.json"
    asked.write_text(json.dumps(asked_for))
    assert dev.kubectl("create", "--filename", str(asked), context="analytics").returncode == 0

    def drivers() -> list[dict[str, Any]]:
        selector = "spark-role=driver,spark-app-name=word-count-ui"
        return dev.listed("Pod", namespace=patient.namespace, label_selector=selector)

    def serves() -> bool:
        """The driver's pages come some time after its container, which is slow where much else runs."""
        names = [each["metadata"]["name"] for each in drivers() if each["status"].get("phase") == "Running"]
        pages = (f"/api/v1/namespaces/{patient.namespace}/pods/{each}:4040/proxy/jobs/" for each in names)
        return [dev.kubectl("get", "--raw", each).returncode for each in pages] == [0]

    try:
        wait_until(serves, lambda: [json.dumps(each["status"]) for each in drivers()])
        (driver,) = drivers()
        here = {"<namespace>": patient.namespace, "<driver's pod>": driver["metadata"]["name"]}
        done = run_page(LIVE_UI, "analytics", here, variables_of(dev))
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    finally:
        removed = dev.kubectl("delete", "--filename", str(asked), context="analytics")
    assert removed.returncode == 0, removed.stderr


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each.what)
def test_a_teams_person_is_refused_what_is_not_the_teams(dev: RunningStack, attempt: Attempt, tmp_path: Path) -> None:
    words = [*attempt.words]
    if attempt.planted:
        asked = tmp_path / "planted.json"
        asked.write_text(json.dumps(attempt.planted))
        words += ["--filename", str(asked)]
    done = dev.kubectl(*words, context="analytics")
    assert done.returncode != 0, done.stdout
    assert attempt.refusal in done.stderr


def test_a_pod_that_names_another_queue_is_in_its_teams_all_the_same(dev: RunningStack, tmp_path: Path) -> None:
    asked = tmp_path / "planted.json"
    asked.write_text(json.dumps(in_queue("root.default")))
    assert dev.kubectl("create", "--filename", str(asked), context="analytics").returncode == 0

    def queues() -> set[str]:
        path = "/api/v1/namespaces/yunikorn/services/yunikorn-scheduler:9080/proxy/ws/v1/partition/default/applications"
        done = dev.kubectl("get", "--raw", f"{path}/active")
        assert done.returncode == 0, done.stderr
        return {each["queueName"] for each in json.loads(done.stdout) if each["applicationID"] == PLANTED_APPLICATION}

    try:
        wait_until(lambda: queues() == {"root.spark-analytics"}, lambda: sorted(queues()))
    finally:
        assert dev.kubectl("delete", "--filename", str(asked), context="analytics").returncode == 0


def test_a_stop_is_quick_and_a_start_brings_every_container_back(dev: RunningStack) -> None:
    before, secret = set(pods_on_real_nodes(dev)), made("Secret", name="kept", stringData={"key": "a value"})
    dev.cluster.api.apply({**secret, "metadata": {"name": "kept", "namespace": "spark-analytics"}})
    written = dev.cluster.api.named("Secret", "kept", "spark-analytics")
    assert dev.cluster.stop()
    assert not control_groups.processes(dev.cluster.directory)
    dev.cluster.start()
    # Another process decrypts what was encrypted before.
    assert dev.cluster.api.named("Secret", "kept", "spark-analytics")["data"] == written["data"]
    dev.cluster.api.remove(secret | {"metadata": written["metadata"]})
    deadline = time.monotonic() + 120
    while dev.incomplete() and time.monotonic() < deadline:
        time.sleep(1)
    assert dev.incomplete() == []
    assert set(pods_on_real_nodes(dev)) >= before & BUILT


def test_a_killed_container_runtime_ends_the_cluster_with_its_name_and_the_next_start_goes_on(
    dev: RunningStack,
) -> None:
    directory = dev.cluster.directory
    processes = [Path(f"/proc/{number}") for number in control_groups.processes(directory)]
    runtime = next(
        each
        for each in processes
        if b"containerd.toml" in (each / "cmdline").read_bytes() and b"real-2" in (each / "cmdline").read_bytes()
    )
    os.kill(int(runtime.name), 9)
    wait_until(lambda: not dev.cluster.is_running, lambda: ["the cluster goes on without a container runtime"])
    status = json.loads(directory.status.read_text())
    assert status["state"] == "failed"
    assert "containerd-real-2 was killed by signal 9" in status["detail"]
    dev.cluster.stop()
    assert not control_groups.processes(directory)
    dev.cluster.start()
    dev.converges()
