"""One planted mistake of the drill: how it is planted, who must name it, and in which words."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.local_cluster.aws.pods import PodsOfAStack
from tests.local_cluster.comparison.real_kubernetes import Object, RealKubernetes
from tests.local_cluster.drills.running_stack import RunningStack

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.2

# What is said of a mistake by now.
Says = Callable[[], str]


@dataclass(frozen=True)
class World:
    """Where mistakes are planted.

    Args:
        stack: that is up.
        kubernetes: its API.
        aws: what its pods call.
        namespace: of this mistake alone.
    """

    stack: RunningStack
    kubernetes: RealKubernetes
    aws: PodsOfAStack
    namespace: str

    def here(self, content: Object) -> Object:
        """An object in this mistake's namespace, under a name if it has none."""
        return {**content, "metadata": {"name": "planted", "namespace": self.namespace, **content.get("metadata", {})}}

    def make(self, *objects: Object) -> None:
        """Make objects that are right."""
        for each in objects:
            refusal = self.kubernetes.apply(self.here(each))
            assert not refusal, refusal

    def refusal(self, content: Object) -> str:
        """What the API server says against an object."""
        return self.kubernetes.apply(self.here(content), force=True)

    def pod(self, name: str = "planted") -> Object:
        """A pod, as it is."""
        return self.kubernetes.listed("Pod", namespace=self.namespace, field_selector=f"metadata.name={name}")[0]

    def events(self, name: str = "planted") -> str:
        """What events say of an object."""
        chosen = f"involvedObject.name={name}"
        found = self.kubernetes.listed("Event", namespace=self.namespace, field_selector=chosen)
        return "\n".join(each["message"] for each in found)


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Args:
        name: what is wrong, in words.
        who: must name it.
        plant: makes it, and returns what is said of it from then on.
        words: that say which field or object, and why.
    """

    name: str
    who: str
    plant: Callable[[World], Says]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def is_named_in(self, said: str) -> bool:
        """Whether a text holds every word."""
        return all(word in said for word in self.words)

    def named(self, world: World) -> str:
        """What is said once it holds the words, or in the end."""
        says = self.plant(world)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            said = says()
            if self.is_named_in(said) or time.monotonic() > deadline:
                return said
            time.sleep(_PAUSE_SECONDS)


def refused(content: Object, *before: Object) -> Callable[[World], Says]:
    """A mistake that the API server refuses to take, beside objects that are right."""

    def plant(world: World) -> Says:
        world.make(*before)
        said = world.refusal(content)
        return lambda: said

    return plant
