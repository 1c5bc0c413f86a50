"""Elastic capacity: nodes that come for executors, Graviton first, and go again; and drivers, which nothing takes away.

Dev on simulated nodes, with Karpenter and YuniKorn themselves. Its pools are smaller than the stack file's, so that
their limits are reached, and "working hours" last around the clock until a drill ends them.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.capacity.names import CONTROLLER
from components.scheduler.workloads import SCHEDULER
from components.workloads.scheduling import WORKLOAD_KEY
from local_cluster.controllers.beside import beside
from local_cluster.controllers.karpenter import POOLS, PREFIX, copy_pools, find_karpenter, karpenter
from local_cluster.controllers.yunikorn import find_yunikorn, yunikorn
from local_cluster.settings import ports_of
from offline.progress import silent
from tests.local_cluster.conftest import RunningStacks
from tests.local_cluster.drills.running_stack import RunningStack
from tests.local_cluster.spark_drills.application import Application, condition, has_node, new_id
from tests.local_cluster.spark_drills.elastic_nodes import ElasticNodes, endings, most_at_once, nodes_of
from tests.stack_files import settings_tree
from tests.telemetry.process import wait_until

pytestmark = pytest.mark.spark

STACK = "dev"
# Two executors fill a node of eight vCPUs, whose agents have the rest.
CPUS, ON_A_NODE = 3, 2
GRAVITON, INTEL = 32, 16
MERGE = "application/merge-patch+json"
# Karpenter looks every ten seconds, and waits for fifteen before it believes what it saw.
_PATIENCE_SECONDS = 240.0
# Several of its looks.
_QUIET_SECONDS = 45.0


def budgets(*, working_hours_now: bool) -> dict[str, Any]:
    """The usual budgets, with working hours that last all day, or that are far away."""
    away = datetime.now(UTC) + timedelta(hours=12)
    hours = {"schedule": "0 0 * * *", "duration_minutes": 24 * 60}
    if not working_hours_now:
        hours = {"schedule": f"0 {away.hour} * * *", "duration_minutes": 60}
    return {
        "always": {"nodes": "10%"},
        "working-hours": {"nodes": "0", "reasons": ["drifted", "underutilized"], **hours},
    }


def pools(changes: dict[str, Any]) -> dict[str, Any]:
    """The same changes to both pools."""
    names = ("elastic-graviton", "elastic-intel")
    return {f"node_pools/{name}/{path}": value for name in names for path, value in changes.items()}


def smaller() -> dict[str, Any]:
    """Changes to the stack file: pools whose limits are near, and a second team whose queue is small."""
    analytics = settings_tree(STACK)["teams"]["analytics"]
    return {
        **pools({"consolidate_after_minutes": 0, "disruption_budgets": budgets(working_hours_now=True)}),
        "node_pools/elastic-graviton/limits": {"vcpus": GRAVITON, "memory_gib": 256},
        "node_pools/elastic-graviton/instance_types": ["m7gd.2xlarge", "r7gd.2xlarge", "m6gd.2xlarge"],
        "node_pools/elastic-intel/limits": {"vcpus": INTEL, "memory_gib": 128},
        "node_pools/elastic-intel/instance_types": ["m6id.2xlarge", "r6id.2xlarge", "m5d.2xlarge"],
        "teams/lab": {"owners": analytics["owners"], "queue": {"maximum": {"vcpus": 4, "memory_gib": 32}}},
    }


@pytest.fixture(scope="module")
def up(running: RunningStacks) -> Iterator[RunningStack]:
    """Dev with both programs beside it; nodes of its groups take no executors, as if they were full."""
    stack = running.add(STACK)
    stack.change(smaller())
    stack.up()
    cluster = stack.cluster
    directory, api, ports = cluster.directory, cluster.api, ports_of(cluster.directory)
    for node in stack.listed("Node", label_selector=f"{WORKLOAD_KEY}=spark"):
        api.resource("Node").patch(
            name=node["metadata"]["name"], body={"spec": {"unschedulable": True}}, content_type=MERGE
        )
    region = settings_tree(STACK)["region"]
    programs = (
        yunikorn(find_yunikorn(silent), directory, ports),
        karpenter(find_karpenter(silent), directory, ports, api, region),
    )
    with beside(directory, *programs):
        copy_pools(api)
        yield stack
    for name in (CONTROLLER.name, SCHEDULER):
        log = directory.log_of(name).read_text(errors="replace")
        # They have the rights of the stack's own service accounts.
        assert "forbidden" not in log, [line for line in log.splitlines() if "forbidden" in line][:3]


@pytest.fixture
def nodes(up: RunningStack) -> ElasticNodes:
    """Karpenter's nodes."""
    return ElasticNodes(up.cluster.api)


@pytest.fixture
def application(up: RunningStack, nodes: ElasticNodes) -> Iterator[Application]:
    """An application of team analytics, with a driver; no node is there before and after."""
    made = Application(up.cluster.api, "analytics", new_id("analytics"), cpus=CPUS, memory_mib=6144)
    submit(made)
    try:
        yield made
    finally:
        made.end()
        wait("the nodes are gone", lambda: not nodes.claims(), lambda: str(sorted(nodes.names())))


def wait(what: str, happened: Any, detail: Any = str) -> None:
    """Wait as long as Karpenter may take."""
    wait_until(what, _PATIENCE_SECONDS, happened, detail)


def submit(application: Application) -> None:
    """Submit an application, and wait until its driver has a node."""
    application.submit()
    wait("the driver has a node", lambda: has_node(application.driver()), lambda: str(application.driver()["status"]))


def wait_for_running(application: Application, count: int) -> None:
    """Wait until so many executors have a node."""

    def why() -> str:
        return str({each["metadata"]["name"]: condition(each, "PodScheduled") for each in application.waiting()})

    wait(f"{count} executors run", lambda: len(application.running()) >= count, why)


def stays(happening: Any, seconds: float = _QUIET_SECONDS) -> bool:
    """Whether something goes on being so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not happening():
            return False
        time.sleep(1.0)
    return True


def driver_node(application: Application) -> str:
    """Name of the node that the driver runs on."""
    return application.driver()["spec"]["nodeName"]


def test_graviton_comes_first_intel_when_it_is_at_its_limit_and_then_nothing(
    application: Application, nodes: ElasticNodes
) -> None:
    # The driver's node is there, and has room for two of them.
    application.grow(2 * ON_A_NODE)
    wait_for_running(application, 2 * ON_A_NODE)
    assert nodes.names("arm64")
    assert not nodes.names("amd64"), "Intel came although Graviton had room"

    most = (GRAVITON + INTEL) // 8 * ON_A_NODE
    application.grow(most + 4 - len(application.executors()))
    wait("Graviton is at its limit", lambda: nodes.cpus("arm64") == GRAVITON, lambda: str(nodes.names()))
    wait("Intel is at its limit", lambda: nodes.cpus("amd64") == INTEL, lambda: str(nodes.names()))
    wait_for_running(application, most - 1)
    # What is beyond both limits waits for a node, and none comes.
    assert stays(lambda: (nodes.cpus("arm64"), nodes.cpus("amd64")) == (GRAVITON, INTEL), 20.0)
    assert {condition(each, "PodScheduled").get("reason") for each in application.waiting()} == {"Unschedulable"}


def test_nodes_go_when_they_are_empty_a_tenth_at_a_time_and_the_drivers_stays(
    application: Application, nodes: ElasticNodes
) -> None:
    application.grow(3 * ON_A_NODE + 1)
    wait_for_running(application, 3 * ON_A_NODE + 1)
    kept = driver_node(application)
    assert len(nodes.names()) >= 3
    application.shrink(len(application.executors()))
    at_once: dict[str, int] = {}

    def are_gone() -> bool:
        most_at_once(nodes.going, at_once)
        return nodes.names() == {kept}

    wait("all but the driver's node are gone", are_gone, lambda: str(nodes.names()))
    # A tenth of so few is rounded up to one.
    assert set(at_once.values()) == {1}, at_once
    assert stays(lambda: nodes.names() == {kept} and not nodes.is_closed(kept))
    assert driver_node(application) == kept


def test_what_does_not_fit_in_a_queue_starts_no_node(up: RunningStack, nodes: ElasticNodes) -> None:
    small = Application(up.cluster.api, "lab", new_id("lab"), cpus=CPUS, memory_mib=6144)
    submit(small)
    try:
        small.grow(6)
        wait_for_running(small, 1)
        there = nodes.names()
        assert stays(lambda: nodes.names() == there, 30.0)
        assert len(small.waiting()) == 5
    finally:
        small.end()
        wait("the nodes are gone", lambda: not nodes.claims(), lambda: str(nodes.names()))


def test_an_interruption_ends_executors_with_their_notice_and_brings_another_node(
    up: RunningStack, application: Application, nodes: ElasticNodes
) -> None:
    application.grow(3 * ON_A_NODE)
    wait_for_running(application, 3 * ON_A_NODE)
    lost = min(nodes_of(application.running()) - {driver_node(application)})
    victims = {each["metadata"]["name"] for each in application.running() if each["spec"]["nodeName"] == lost}
    selector = f"spark-app-selector={application.name}"
    with endings(up.cluster.api, application.namespace, selector) as ended:
        nodes.interrupt(lost)
        wait("the node is gone", lambda: lost not in nodes.names(), lambda: str(nodes.claims()))
    # SIGTERM, on which Spark decommissions, and then the minute that the stack's defaults give.
    assert ended == dict.fromkeys(victims, 60)

    application.grow(len(victims))
    wait_for_running(application, 3 * ON_A_NODE)
    assert lost not in nodes_of(application.running())


def test_a_node_that_has_to_go_waits_for_its_driver_and_takes_no_more_pods(
    application: Application, nodes: ElasticNodes
) -> None:
    kept, driver = driver_node(application), application.driver()["metadata"]["uid"]
    nodes.interrupt(kept)
    wait("the node is closed", lambda: nodes.is_closed(kept))
    application.grow(1)
    wait_for_running(application, 1)
    assert nodes_of(application.running()) != {kept}
    assert stays(lambda: application.driver().get("metadata", {}).get("uid") == driver)
    assert kept in nodes.names()

    application.end()
    wait("the node is gone", lambda: kept not in nodes.names(), lambda: str(nodes.claims()))


def test_an_old_node_goes_at_any_hour_and_a_drivers_waits_for_its_driver(up: RunningStack, nodes: ElasticNodes) -> None:
    # No setting is less than a day, which nobody waits for here.
    age = {"spec": {"template": {"spec": {"expireAfter": "40s"}}}}
    pool = up.cluster.api.resource("NodePool", POOLS)
    pool.patch(name=f"{PREFIX}elastic-graviton", body=age, content_type=MERGE)
    application = Application(up.cluster.api, "analytics", new_id("analytics"), cpus=CPUS, memory_mib=6144)
    try:
        submit(application)
        kept, driver = driver_node(application), application.driver()["metadata"]["uid"]
        application.grow(2 * ON_A_NODE)
        wait_for_running(application, 2 * ON_A_NODE)
        lost = nodes_of(application.running()) - {kept}
        with endings(up.cluster.api, application.namespace, f"spark-app-selector={application.name}") as ended:
            wait("executors' nodes are gone", lambda: not lost & nodes.names(), lambda: str(nodes.claims()))
            wait("the driver's node is closed", lambda: nodes.is_closed(kept))
            assert stays(lambda: application.driver().get("metadata", {}).get("uid") == driver)
        assert ended
        assert set(ended.values()) == {60}
        assert kept in nodes.names()
    finally:
        application.end()
        copy_pools(up.cluster.api)
        wait("the nodes are gone", lambda: not nodes.claims(), lambda: str(nodes.names()))


def test_drifted_nodes_wait_for_the_end_of_working_hours_and_a_drivers_for_its_driver(
    up: RunningStack, application: Application, nodes: ElasticNodes
) -> None:
    application.grow(5)
    wait_for_running(application, 5)
    old, kept = nodes.names(), driver_node(application)
    assert len(old) >= 3
    used = {each["metadata"]["labels"]["node.kubernetes.io/instance-type"] for each in nodes.nodes()}
    others = [each for each in ("m7gd.2xlarge", "r7gd.2xlarge", "m6gd.2xlarge") if each not in used]
    change(up, {"node_pools/elastic-graviton/instance_types": others})

    def drifted() -> set[str]:
        claims = [each for each in nodes.claims() if condition(each, "Drifted").get("status") == "True"]
        return {each["status"]["nodeName"] for each in claims}

    wait("the nodes are drifted", lambda: drifted() == old, lambda: str(drifted()))
    assert stays(lambda: nodes.names() == old and not nodes.going()), "a node went within working hours"

    change(up, pools({"disruption_budgets": budgets(working_hours_now=False)}))
    at_once: dict[str, int] = {}

    def are_replaced() -> bool:
        most_at_once(nodes.going, at_once)
        # Spark asks for executors that it lost.
        application.grow(5 - len(application.executors()))
        return nodes.names() & old == {kept} and len(application.running()) == 5

    wait("executors have other nodes", are_replaced, lambda: str((old, nodes.names())))
    assert set(at_once.values()) == {1}, at_once
    assert stays(lambda: kept in nodes.names() and not nodes.is_closed(kept)), "the driver's node was disturbed"


def change(stack: RunningStack, changes: dict[str, Any]) -> None:
    """Deploy other settings, and let Karpenter's pools follow the stack's."""
    stack.change(changes)
    stack.up()
    assert all(each.startswith(PREFIX) for each in copy_pools(stack.cluster.api))
