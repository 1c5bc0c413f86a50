"""From a problem in AWS's names to a finding in Pulumi's."""

from dataclasses import replace
from typing import Any

from offline.checks.aws_schema.validation import Problem
from offline.checks.aws_schema.words import fix, rule
from offline.checks.finding import Finding
from offline.providers.aws.shape import camel
from offline.providers.aws.wording import Path, Translation, Wording, dotted, steps
from offline.providers.resource import Resource
from offline.providers.values import is_unknown

ABSENT = "absent"
# Keywords whose rule names properties beside each other.
_NAMING = frozenset({"requiredXor", "requiredOr"})
_PAIRING = frozenset({"dependentRequired", "dependentExcluded"})


def finding(
    judge: str, resource: Resource, problem: Problem, said: tuple[Translation, Wording], source: str
) -> Finding:
    """What a problem is in the program that made the resource."""
    translation, wording = said
    problem = _in_our_names(problem, translation, wording)
    place = _absent(problem.path, translation, wording) if problem.value is None else translation.place(problem.path)
    value = ABSENT if problem.value is None else value_at(resource, place, problem.value)
    return Finding.of(judge, resource, place, value, rule=rule(problem), source=source, fix=fix(problem))


def _in_our_names(problem: Problem, translation: Translation, wording: Wording) -> Problem:
    """Rules about several properties name them; here as Pulumi does."""
    # Where too many are given, the problem's path is one of them, and its value not the object that holds them.
    holder = problem.path if isinstance(problem.value, dict) else problem.path[:-1]

    def ours(name: str) -> str:
        return _absent((*holder, name), translation, wording)

    if problem.keyword in _NAMING:
        return replace(problem, expected=[ours(name) for name in problem.expected])
    if problem.keyword in _PAIRING:
        pairs = {ours(name): [ours(other) for other in others] for name, others in problem.expected.items()}
        return replace(problem, expected=pairs)
    return problem


def _absent(path: Path, translation: Translation, wording: Wording) -> str:
    """What Pulumi calls a property that is missing."""
    names = tuple(f"[{step}]" if isinstance(step, int) else step for step in path)
    parent = translation.places.get(path[:-1], "")
    for key, way in wording.renamed.items():
        above, _, _ = key.rpartition(".")
        from_the_top = not above and steps(way) == names
        if from_the_top or (steps(way) == names[-1:] and above == dotted(parent)):
            return ".".join(part for part in (parent if above else "", key.rpartition(".")[2]) if part)
    return ".".join(part for part in (parent, camel(str(path[-1]))) if part)


def value_at(resource: Resource, place: str, translated: Any = None) -> Any:
    """What the program wrote there."""
    value: Any = resource.plain_inputs
    for step in place.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return translated
    return "[not known yet]" if is_unknown(value) else value
