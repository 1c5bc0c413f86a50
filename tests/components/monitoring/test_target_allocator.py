"""The target allocator, which gives the agents what ServiceMonitors and PodMonitors select."""

from typing import Any

import pytest
import yaml

from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import ALLOCATOR_PORT, FILES
from tests.components.monitoring.environment import DAEMON_SET, DEPLOYMENT, EVERYTHING, SERVICE, build
from tests.components.workloads.pods import containers, pod, variables
from tests.recorder import Recorder

CONFIG: dict[str, Any] = yaml.safe_load((FILES / "target-allocator.yaml").read_text())


@pytest.fixture(scope="module")
def everything() -> Recorder:
    return build(EVERYTHING)


def test_it_reads_its_file_and_learns_its_namespace(everything: Recorder) -> None:
    (container,) = containers(everything.named(DEPLOYMENT, "target-allocator"))
    (mounted,) = container["volumeMounts"]
    assert container["args"] == [f"--config-file={mounted['mountPath']}/target-allocator.yaml"]
    assert variables(container) == {"OTELCOL_NAMESPACE": "metadata.namespace"}


def test_the_agents_ask_it_where_it_listens(everything: Recorder) -> None:
    service = everything.named(SERVICE, "target-allocator").inputs
    (port,) = service["spec"]["ports"]
    url = f"http://{service['metadata']['name']}.{service['metadata']['namespace']}.svc:{int(port['port'])}"
    assert variables(containers(everything.only(DAEMON_SET))[0])["TARGET_ALLOCATOR_URL"] == url
    assert CONFIG["listen_addr"] == f":{ALLOCATOR_PORT}"


def test_every_monitor_counts_and_each_target_is_its_nodes(everything: Recorder) -> None:
    assert CONFIG["allocation_strategy"] == "per-node"
    assert CONFIG["allocation_fallback_strategy"] == "consistent-hashing"
    found = CONFIG["prometheus_cr"]
    assert found["enabled"] is True
    for kind in ("service_monitor", "pod_monitor"):
        assert found[f"{kind}_selector"] == found[f"{kind}_namespace_selector"] == {}
    assert not {"probe_selector", "scrape_config_selector"} & found.keys()
    rules = everything.named("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "target-allocator").inputs["rules"]
    granted = {name for rule in rules for name in rule["resources"]}
    assert {"servicemonitors", "podmonitors", "pods", "services", "endpointslices", "namespaces"} <= granted
    assert "secrets" not in granted


def test_two_replicas_stand_in_two_zones_and_one_has_no_budget(everything: Recorder) -> None:
    budgets = "kubernetes:policy/v1:PodDisruptionBudget"
    workload = everything.named(DEPLOYMENT, "target-allocator")
    assert workload.inputs["spec"]["replicas"] == 2
    assert "topology.kubernetes.io/zone" in {each["topologyKey"] for each in pod(workload)["topologySpreadConstraints"]}
    assert everything.named(budgets, "target-allocator").inputs["spec"]["maxUnavailable"] == 1
    single = build(MonitoringSettings(availability="single", monitors="honoured"))
    assert single.named(DEPLOYMENT, "target-allocator").inputs["spec"]["replicas"] == 1
    assert not single.of(budgets)
