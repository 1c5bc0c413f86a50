"""Planted mistakes in manifests, rights and settings: what runs names each, with the field or object and why."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.local_cluster.aws.pods import PodsOfAStack
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes
from tests.local_cluster.conftest import RunningStacks
from tests.local_cluster.drills.mistake import Mistake, World
from tests.local_cluster.drills.mistakes import MISTAKES

pytestmark = pytest.mark.cluster

# Of thirty, two may pass unnamed.
NAMED, PLANTED = 28, 30

_numbers = count(1)
_named: dict[str, bool] = {}


@pytest.fixture(scope="module")
def aws(running: RunningStacks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodsOfAStack]:
    """What dev's pods call."""
    served = PodsOfAStack("dev", running["dev"].state_file, tmp_path_factory.mktemp("aws"))
    with served.reached():
        yield served
    served.stop()


@pytest.fixture
def world(running: RunningStacks, aws: PodsOfAStack) -> Iterator[World]:
    """Dev, with a namespace for one mistake."""
    kubernetes = RealKubernetes(running["dev"].cluster.api)
    name = f"planted-{next(_numbers)}"
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": name}}
    kubernetes.apply(namespace)
    kubernetes.wait_until(lambda: kubernetes.read(account) is not None, "the namespace's account")
    yield World(running["dev"], kubernetes, aws, name)
    kubernetes.delete(namespace, at_once=True)


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_named(world: World, mistake: Mistake) -> None:
    said = mistake.named(world)
    _named[mistake.name] = mistake.is_named_in(said)
    print(f"{mistake.name}: {mistake.who}: {said}")
    assert _named[mistake.name], said


def test_of_thirty_mistakes_two_at_most_are_not_named() -> None:
    assert set(_named) == {each.name for each in MISTAKES}, "run the whole module"
    assert len(MISTAKES) >= PLANTED
    assert sum(_named.values()) * PLANTED >= NAMED * len(MISTAKES), _named
