"""Holds a translated resource against a JSON schema, with cfn-lint's validator, and says nothing of unknown values.

cfn-lint's validator rather than a plain one, for the keywords that CloudFormation added (`requiredXor`,
`dependentExcluded`, formats of ids and ARNs).

Source: https://github.com/aws-cloudformation/cfn-lint/tree/main/src/cfnlint/jsonschema
"""

import importlib
import importlib.metadata
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any

from offline.checks.aws_schema.formats import is_in_format
from offline.checks.kept import KeptAnswers, digest_of
from offline.providers.aws.wording import Path
from offline.providers.values import has_unknown

# These look at the names of an object's properties only, so that unknown values inside don't matter.
_OF_NAMES = frozenset({"required", "requiredXor", "requiredOr", "dependentRequired", "dependentExcluded"})

_MOST_ANSWERS = 8192


@dataclass(frozen=True)
class Problem:
    """One thing that a schema refuses.

    Args:
        path: where, inside the translated resource; the property itself where one is missing.
        keyword: of the JSON schema; `false` where it allows nothing.
        expected: what the keyword says.
        value: what stands there; None for what is missing.
    """

    path: Path
    keyword: str
    expected: Any
    value: Any


def problems(schema: Mapping[str, Any], value: Any) -> Iterator[Problem]:
    """What a schema refuses in a value, once for each place: a format says more than the pattern beside it."""
    yield from _found(_Held(schema), _Written(json.dumps(value, default=repr), value))


# A rehearsal, the update after it and the next run mostly ask the same again, and an answer takes milliseconds.
@lru_cache(maxsize=_MOST_ANSWERS)
def _found(held: "_Held", written: "_Written") -> tuple[Problem, ...]:
    digest = digest_of(_text(held), written.text)
    kept = _KEPT.answer_to(digest)
    if kept is None:
        found = _judged(held, written)
        # A value may be a secret, and a file is no place for one.
        if all(each.value is None for each in found):
            _KEPT.keep(digest, [[each.path, each.keyword, each.expected] for each in found])
        return found
    return tuple(Problem(tuple(path), keyword, expected, None) for path, keyword, expected in kept)


def _judged(held: "_Held", written: "_Written") -> tuple[Problem, ...]:
    errors = sorted(_validator(held).iter_errors(written.value), key=lambda error: error.validator != "format")
    found: dict[Path, Problem] = {}
    for problem in (each for error in errors for each in _problems(error)):
        found.setdefault(problem.path, problem)
    return tuple(found.values())


@cache
def _version() -> str:
    """Of cfn-lint and of this package. To import cfn-lint's validator takes a second."""
    sources = (each.read_text(encoding="utf-8") for each in sorted(File(__file__).parent.glob("*.py")))
    return digest_of(importlib.metadata.version("cfn-lint"), *sources)[:12]


_KEPT = KeptAnswers("schemas", _version)


@dataclass(frozen=True)
class _Written:
    """A value as an argument of a cached function: it is what is written of it."""

    text: str
    value: Any = field(compare=False)


class _Held:
    """A schema as an argument of a cached function; it is kept alive, so that its identity stays its own."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.schema is self.schema


@cache
def _text(held: _Held) -> str:
    return json.dumps(held.schema, sort_keys=True)


@cache
def _validator(held: _Held) -> Any:
    return _validators()(schema=held.schema)


@cache
def _validators() -> Any:
    standard = importlib.import_module("cfnlint.jsonschema").StandardValidator
    return standard({}).extend(validators={"format": _format})


def _format(validator: Any, name: str, instance: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    answer = is_in_format(instance, name)
    if answer is None:
        yield from importlib.import_module("cfnlint.jsonschema._keywords").format(validator, name, instance, schema)
    elif not answer:
        yield importlib.import_module("cfnlint.jsonschema").ValidationError(f"{instance!r} is not a {name}")


def _problems(error: Any) -> Iterator[Problem]:
    path, keyword, expected, value = (
        tuple(error.path),
        error.validator or "false",
        error.validator_value,
        error.instance,
    )
    if keyword == "required":
        for name in expected:
            if name not in value:
                yield Problem((*path, name), keyword, expected, None)
    elif keyword in _OF_NAMES:
        # Where a property is one too many, the path is its own and the value the object that holds it.
        yield Problem(path, keyword, expected, value.get(path[-1], value) if path else value)
    elif not has_unknown(value):
        yield Problem(path, keyword, expected, value)
