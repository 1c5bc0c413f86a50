"""What a schema's keyword demands, and how to meet it, in plain words."""

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from offline.checks.aws_schema.formats import example
from offline.checks.aws_schema.validation import Problem
from offline.words import in_words

_SHOWN = 8
_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "string": "text",
}

Words = Callable[[Any], str]

_RULES: Mapping[str, Words] = {
    "additionalProperties": lambda _: "is not a property of this object",
    "const": lambda expected: f"must be {_shown(expected)}",
    "enum": lambda expected: f"must be {_one_of(expected)}",
    "exclusiveMaximum": lambda expected: f"must be less than {expected}",
    "exclusiveMinimum": lambda expected: f"must be more than {expected}",
    "false": lambda _: "must not be given along with the others",
    "format": lambda expected: f"must be in the format {expected}",
    "maximum": lambda expected: f"must be at most {expected}",
    "maxItems": lambda expected: f"must have at most {_count(expected, 'item')}",
    "maxLength": lambda expected: f"must be at most {_count(expected, 'character')} long",
    "maxProperties": lambda expected: f"must have at most {_count(expected, 'entry')}",
    "minimum": lambda expected: f"must be at least {expected}",
    "minItems": lambda expected: f"must have at least {_count(expected, 'item')}",
    "minLength": lambda expected: f"must be at least {_count(expected, 'character')} long",
    "minProperties": lambda expected: f"must have at least {_count(expected, 'entry')}",
    "multipleOf": lambda expected: f"must be a multiple of {expected}",
    "pattern": lambda expected: f"must match the pattern {_bare(expected)}",
    "required": lambda _: "must be given",
    "requiredOr": lambda expected: f"must have at least one of {', '.join(expected)}",
    "requiredXor": lambda expected: f"must have exactly one of {', '.join(expected)}",
    "dependentExcluded": lambda expected: f"must not combine {_pairs(expected)}",
    "dependentRequired": lambda expected: f"must give along with one another {_pairs(expected)}",
    "type": lambda expected: f"must be {_kinds(expected)}",
    "uniqueItems": lambda _: "must not hold the same item twice",
    "uniqueKeys": lambda expected: f"must not hold two items with the same {', '.join(expected)}",
}
_FIXES: Mapping[str, str] = {
    "additionalProperties": "Remove it or correct its name",
    "dependentExcluded": "Remove one of them",
    "dependentRequired": "Add the other",
    "exclusiveMaximum": "Make it smaller",
    "exclusiveMinimum": "Make it larger",
    "false": "Remove it, or correct what it goes along with",
    "maxItems": "Remove items",
    "maxLength": "Shorten it",
    "maximum": "Make it smaller",
    "minimum": "Make it larger",
    "minItems": "Add items",
    "required": "Give it a value",
    "requiredOr": "Give one of them",
    "requiredXor": "Give one of them and remove the others",
    "uniqueItems": "Remove the repeated item",
}


def rule(problem: Problem) -> str:
    """What must hold, as a clause that follows "it"."""
    words = _RULES.get(problem.keyword)
    if words:
        return words(problem.expected)
    return f"must fit what the schema's keyword {problem.keyword} says: {in_words(problem.expected)[:200]}"


def fix(problem: Problem) -> str:
    """What to do, as a sentence without its full stop."""
    if problem.keyword == "enum":
        return _nearest(problem.value, problem.expected)
    if problem.keyword == "format" and example(problem.expected):
        return f"Write it like {example(problem.expected)}"
    if problem.keyword == "type":
        return f"Write {_kinds(problem.expected)}"
    return _FIXES.get(problem.keyword, "Change the value to fit")


def _nearest(value: Any, allowed: Sequence[Any]) -> str:
    numbers = [each for each in allowed if isinstance(each, int)]
    if isinstance(value, int) and numbers:
        return f"Write {min(numbers, key=lambda each: abs(each - value))}"
    near = difflib.get_close_matches(str(value), [str(each) for each in allowed], 1, 0.4)
    return f"Write {near[0]!r}" if near else "Take one of those"


def _one_of(values: Sequence[Any]) -> str:
    shown = ", ".join(_shown(each) for each in values[:_SHOWN])
    more = len(values) - _SHOWN
    return (f"one of {shown}" if len(values) > 1 else shown) + (f" and {more} more" if more > 0 else "")


def _shown(value: Any) -> str:
    return in_words(value) if isinstance(value, str | Mapping | list) else json.dumps(value)


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _bare(pattern: str) -> str:
    """Without the anchors that were put around an API's pattern."""
    return pattern.removeprefix(r"\A(?:").removesuffix(r")\Z") if pattern.startswith(r"\A(?:") else pattern


def _pairs(expected: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name} and {', '.join(others)}" for name, others in expected.items())


def _kinds(expected: Any) -> str:
    names = [expected] if isinstance(expected, str) else expected
    return " or ".join(_KINDS.get(each, each) for each in names)
