"""Settings are changed in a stack that runs: pods roll, volumes grow, and what the settings say of a change is so."""

import time
from collections.abc import Iterator

import pytest

from components.images.table import HISTORY_SERVER
from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.running_stack import RunningStack, wait_until
from tests.stack_files import settings

TABLE = "components/images/table.py"

pytestmark = [pytest.mark.cluster, on("dev")]

KUBERNETES_OBJECTS_OF_THE_HISTORY_SERVER = "spark-history"


@pytest.fixture
def up(running: RunningStacks) -> Iterator[RunningStack]:
    """Dev, with its own settings again afterwards."""
    stack = running["dev"]
    stack.converges()
    yield stack
    stack.converges()


def pods_of(stack: RunningStack, start: str) -> dict[str, str]:
    """Names of pods that begin in some way, to their ids."""
    pods = stack.listed("Pod")
    return {
        each["metadata"]["name"]: each["metadata"]["uid"]
        for each in pods
        if each["metadata"]["name"].startswith(start) and not each["metadata"].get("deletionTimestamp")
    }


def test_another_image_rolls_the_pods_and_nothing_else(up: RunningStack) -> None:
    agents, prometheus = pods_of(up, "fluent-bit"), pods_of(up, "prometheus")
    released = f'Image("{HISTORY_SERVER.repository}", "{{}}")'
    up.change_file(TABLE, released.format(HISTORY_SERVER.tag), released.format("4.1.2-99"))
    up.change({"logs/agent_memory_mib": 640})
    summary = up.up()
    assert {each.operation for each in summary.changed} == {"update"}, "\n".join(map(str, summary.changed))
    up.converges()
    wait_until(lambda: not set(agents.values()) & set(pods_of(up, "fluent-bit").values()), lambda: list(agents))
    images = {each["spec"]["containers"][0]["image"] for each in up.listed("Pod", namespace="spark-history")}
    assert images == {f"{settings(up.name).account.images}/{HISTORY_SERVER.repository}:4.1.2-99"}
    assert pods_of(up, "prometheus") == prometheus


def test_a_larger_volume_grows_while_it_is_in_use(up: RunningStack) -> None:
    before = pods_of(up, "prometheus")
    up.change({"monitoring/volume_gib": 60})
    up.up()
    (claim,) = [each for each in up.listed("PersistentVolumeClaim") if "prometheus" in each["metadata"]["name"]]
    wait_until(
        lambda: (
            [
                each["status"]["capacity"]["storage"]
                for each in up.listed("PersistentVolumeClaim")
                if each["metadata"]["uid"] == claim["metadata"]["uid"]
            ]
            == ["60Gi"]
        ),
        lambda: [str(claim["status"])],
    )
    # A StatefulSet keeps the claims of its pods: the pod stays, or comes back to the same volume.
    assert set(pods_of(up, "prometheus")) == set(before)


def test_high_availability_adds_replicas_beside_those_that_run(up: RunningStack) -> None:
    before = pods_of(up, "alertmanager")
    up.change({"monitoring/availability": "high"})
    up.up()
    up.converges()
    assert set(before) < set(pods_of(up, "alertmanager"))


def test_more_nodes_come_and_fewer_are_drained_before_they_go(up: RunningStack) -> None:
    group = "node_groups/system/size"
    up.change({group: 4})
    up.up()
    assert len([each for each in up.listed("Node") if is_system(each)]) == 4
    up.change({group: 3})
    up.up()
    assert len([each for each in up.listed("Node") if is_system(each)]) == 3
    up.converges()


def is_system(node: dict[str, dict[str, dict[str, str]]]) -> bool:
    """Whether a node is for the platform."""
    return "system" in str(node["metadata"]["labels"])


def test_the_deletion_of_a_namespace_ends(up: RunningStack) -> None:
    up.cluster.api.resource("Namespace").delete(name=KUBERNETES_OBJECTS_OF_THE_HISTORY_SERVER)
    started = time.monotonic()
    wait_until(
        lambda: KUBERNETES_OBJECTS_OF_THE_HISTORY_SERVER not in namespaces(up),
        lambda: [f"{time.monotonic() - started:.0f} s", *namespaces(up)],
    )


def namespaces(stack: RunningStack) -> list[str]:
    """Names of all namespaces."""
    return [each["metadata"]["name"] for each in stack.listed("Namespace")]
