"""Planted mistakes in manifests, rights and settings: what runs names each, with the field or object and why."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.local_cluster.aws.pods import PodsOfAStack
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes
from tests.local_cluster.conftest import on
from tests.local_cluster.containers import CONTAINERS_RUN
from tests.local_cluster.drills.mistake import Mistake, World
from tests.local_cluster.drills.mistakes import MISTAKES, SIMULATED_MISTAKES
from tests.local_cluster.drills.running_stack import RunningStack

pytestmark = [pytest.mark.cluster, on("dev with containers")]

# Of thirty, two may pass unnamed.
NAMED, PLANTED = 28, 30

# The others need containers that run.
PLANTED_HERE = MISTAKES if CONTAINERS_RUN else SIMULATED_MISTAKES

_numbers = count(1)
_named: dict[str, bool] = {}


@pytest.fixture(scope="module")
def aws(dev: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodsOfAStack]:
    """What dev's pods call."""
    served = PodsOfAStack("dev", dev.state_file, tmp_path_factory.mktemp("aws"))
    with served.reached():
        yield served
    served.stop()


@pytest.fixture
def world(dev: RunningStack, aws: PodsOfAStack) -> Iterator[World]:
    """Dev, with a namespace for one mistake."""
    kubernetes = RealKubernetes(dev.cluster.api)
    name = f"planted-{next(_numbers)}"
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": name}}
    kubernetes.apply(namespace)
    kubernetes.wait_until(lambda: kubernetes.read(account) is not None, "the namespace's account")
    yield World(dev, kubernetes, aws, name)
    kubernetes.delete(namespace, at_once=True)


@pytest.mark.parametrize("mistake", PLANTED_HERE, ids=str)
def test_a_mistake_is_named(world: World, mistake: Mistake) -> None:
    said = mistake.named(world)
    _named[mistake.name] = mistake.is_named_in(said)
    print(f"{mistake.name}: {mistake.who}: {said}")
    assert _named[mistake.name], said


def test_of_thirty_mistakes_two_at_most_are_not_named() -> None:
    assert set(_named) == {each.name for each in PLANTED_HERE}, "run the whole module"
    assert len(PLANTED_HERE) >= PLANTED
    assert sum(_named.values()) * PLANTED >= NAMED * len(PLANTED_HERE), _named
