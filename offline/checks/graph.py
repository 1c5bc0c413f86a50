"""What waits for what among a stack's resources, as the engine orders them.

Providers never hear of it: an order shows in the plan that a preview saves, before anything is made, and in the state
afterwards. A resource that waits for another is made after it and destroyed before it.

Leaves out the engine's rule that on a destroy children go before what a component waits for, which adds to the order
of deletions alone.

Source: pulumi/pulumi, sdk/go/common/apitype/plan.go and core.go.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

Description = Mapping[str, Any]


class Graph:
    """The order of one stack's resources.

    Args:
        waits: URN of each resource to the URNs that it waits for itself.
    """

    def __init__(self, waits: Mapping[str, Iterable[str]]) -> None:
        direct = {urn: frozenset(each) for urn, each in waits.items()}
        self._before: dict[str, frozenset[str]] = {}
        for urn in TopologicalSorter(direct).static_order():
            needed = direct.get(urn, frozenset())
            self._before[urn] = needed.union(*(self._before[each] for each in needed))

    @classmethod
    def of_deployment(cls, deployment: Mapping[str, Any]) -> "Graph":
        """The order in a stack's state, as `pulumi stack export` has it; what is about to be deleted has none."""
        resources = [each for each in deployment.get("resources", ()) if not each.get("delete")]
        return cls(_waits({each["urn"]: each for each in resources}))

    @classmethod
    def of_plan(cls, plan: Mapping[str, Any]) -> "Graph":
        """The order in the plan of a preview, as `--save-plan` writes it; what is to be deleted has no goal."""
        planned = {urn: each.get("goal") for urn, each in plan["resourcePlans"].items()}
        return cls(_waits({urn: goal for urn, goal in planned.items() if goal}))

    def before(self, urn: str) -> frozenset[str]:
        """URNs of everything that stands before the resource is made, however it comes to wait for it."""
        return self._before.get(urn, frozenset())


def waits_of(resource: Description) -> Iterator[str]:
    """URNs that a resource of a state or a plan waits for itself: what it names, what it reads, and its provider."""
    yield from resource.get("dependencies") or ()
    for read in (resource.get("propertyDependencies") or {}).values():
        yield from read or ()
    # A reference to a provider is its URN and its id.
    if provider := resource.get("provider"):
        yield str(provider).rsplit("::", 1)[0]


def _waits(resources: Mapping[str, Description]) -> dict[str, set[str]]:
    """And the parent: it is registered first, which a component is after everything that it waits for.

    A component that something waits for by name is a remote one, because the SDKs name the children of the others. It
    is there when everything is that it made, which never waits for it by name.
    """
    named = {urn: set(waits_of(each)) for urn, each in resources.items()}
    parents = {urn: str(each["parent"]) for urn, each in resources.items() if each.get("parent")}
    made: dict[str, set[str]] = {}
    for urn in resources:
        for owner in _owners(urn, parents):
            if not resources.get(owner, {}).get("custom") and owner not in named[urn]:
                made.setdefault(owner, set()).add(urn)
    return {
        urn: names.union(*(made.get(each, ()) for each in names), {parents[urn]} if urn in parents else ())
        for urn, names in named.items()
    }


def _owners(urn: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The parent, and its own in turn."""
    while urn in parents:
        urn = parents[urn]
        yield urn
