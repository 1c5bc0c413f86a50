"""The rules of the quick path, by name, and which of them finds a planted mistake."""

import copy
import inspect
import pkgutil
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from offline.checks import kubernetes
from offline.checks.judges import all_judges
from offline.checks.kubernetes.references import RULES, ReferencesJudge
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource
from tests.checks.mistakes_kubernetes import KUBERNETES_MISTAKES
from tests.checks.mistakes_scheduling import SCHEDULING_MISTAKES
from tests.checks.mistakes_takeover import TAKEOVER_MISTAKES
from tests.checks.planted import Planted, planted_in

MISTAKES: list[Planted] = [*KUBERNETES_MISTAKES, *SCHEDULING_MISTAKES, *TAKEOVER_MISTAKES]


@cache
def rules() -> frozenset[str]:
    """Every judge of Kubernetes objects, and every rule over the objects of a stack, whether a judge asks it or not."""
    judges = {
        each.name
        for each in all_judges()
        if type(each).__module__.startswith(f"{kubernetes.__name__}.") and not isinstance(each, ReferencesJudge)
    }
    modules = [
        import_module(f"{kubernetes.__name__}.{each.name}") for each in pkgutil.iter_modules(kubernetes.__path__)
    ]
    functions = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters) == ["judge", "stack"]
    }
    return frozenset(judges | functions)


def rule_of(mistake: Planted, resources: Sequence[Resource]) -> str:
    """The rule that finds a mistake: a judge, or one of the rules over a whole stack."""
    if mistake.judge != ReferencesJudge.name:
        return mistake.judge
    stack = Stack(planted_in(resources, mistake, copy.deepcopy))
    return next(
        rule.__name__
        for rule in RULES
        if any(
            each.property == mistake.place and mistake.says in str(each) for each in rule(ReferencesJudge.name, stack)
        )
    )


def labelled() -> list[tuple[str, Planted]]:
    """Each mistake with its name in a table: resource, place, and words that the finding holds."""
    seen: Counter[str] = Counter()
    named: list[tuple[str, Planted]] = []
    for mistake in MISTAKES:
        label = f"{mistake.type.rsplit(':', 1)[-1]} {mistake.name} {mistake.place}: {mistake.says}"
        seen[label] += 1
        named.append((f"{label} ({seen[label]})" if seen[label] > 1 else label, mistake))
    return named
