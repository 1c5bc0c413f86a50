"""How wrong settings are reported: every error of a file at once, each with field, value, rule, reason and fix.

Values that may be a secret are hidden: a message ends in the log of a pipeline.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Self, cast, get_args

import pulumi
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from components.credentials import HIDDEN, redacted, without_credentials
from components.model import Violation

# Shorter ones are parts of ordinary words.
_SHORTEST_SECRET = 6
STRICT = "the settings are strict, so that a mistake never silently becomes a default"


class SettingsError(pulumi.RunError, ValueError):
    """A stack's settings are wrong; Pulumi prints its message without a traceback."""

    @classmethod
    def of_violations(
        cls, stack: str, violations: Sequence[Violation], *, file: str = "", key: str = "moka:settings"
    ) -> Self:
        """The error that names broken rules.

        Args:
            stack: name of the stack.
            violations: the rules.
            file: the stack's file; an environment's by default.
            key: of the configuration that holds the settings.
        """
        count = f"{len(violations)} error{'s' if len(violations) != 1 else ''}"
        file = file or f"stacks/Pulumi.{stack}.yaml"
        return cls("\n".join([f"{file}: {count} in {key}", *map(_paragraph, violations)]))


def violations_of(error: ValidationError, model: type[BaseModel]) -> list[Violation]:
    """What pydantic found, as broken rules, including those that models state themselves.

    Args:
        error: what validation raised.
        model: root of the tree, where known keys and descriptions are looked up.
    """
    # What follows from a wrong field is no error of its own.
    details = [detail for detail in error.errors() if detail["type"] != "default_factory_not_called"]
    return [violation for detail in details for violation in _violations(detail, model)]


def _paragraph(violation: Violation) -> str:
    shown = redacted(violation.field.split("."), violation.value)
    paragraph = "\n".join(
        (
            f"  {violation.field} = {shown}",
            f"    rule:   {violation.rule}",
            f"    reason: {violation.reason}",
            f"    fix:    {violation.fix}",
        )
    )
    if shown == HIDDEN and len(str(violation.value)) >= _SHORTEST_SECRET:
        # What is hidden as a value may be said again by the rule.
        paragraph = paragraph.replace(str(violation.value), HIDDEN)
    return without_credentials(paragraph)


def _violations(detail: ErrorDetails, model: type[BaseModel]) -> Iterable[Violation]:
    path = [str(part) for part in detail["loc"] if part != "[key]"]
    if detail["type"] == "rules":
        for violation in cast(tuple[Violation, ...], detail.get("ctx", {})["violations"]):
            yield Violation(
                ".".join([*path, violation.field]), violation.value, violation.rule, violation.reason, violation.fix
            )
        return
    yield Violation(".".join(path) or "moka:settings", *_plain_error(detail, path, model))


def _plain_error(detail: ErrorDetails, path: list[str], model: type[BaseModel]) -> tuple[object, str, str, str]:
    message = detail["msg"].removeprefix("Value error, ")
    message = message[0].lower() + message[1:]
    match detail["type"]:
        case "missing":
            return "nothing", "must be set", _description(model, path), f"add {path[-1]}"
        case "extra_forbidden":
            known = sorted(_fields(model, path[:-1]))
            close = get_close_matches(path[-1], known, n=1)
            fix = f"write {close[0]}" if close else f"known keys here: {', '.join(known)}"
            return detail["input"], "is not a known key", STRICT, fix
        case "json_invalid":
            return "the whole value", message, "settings are one YAML mapping", "compare with stacks/schema.json"
        case _:
            fix = "write a value that the rule allows; stacks/schema.json has the types"
            return repr(redacted(path, detail["input"])), message, _description(model, path), fix


def _resolve(model: type[BaseModel], path: Sequence[str]) -> tuple[type[BaseModel] | None, str]:
    """The model that a path leads to, if it is one, and the last documented field on the way."""
    current: type[BaseModel] | None = model
    described = ""
    for part in path:
        if current is None or part not in current.model_fields:
            continue
        field = current.model_fields[part]
        described = field.description or described
        current = _model_in(field.annotation)
    return current, described


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if found := _model_in(argument):
            return found
    return None


def _fields(model: type[BaseModel], path: Sequence[str]) -> Iterable[str]:
    found, _ = _resolve(model, path)
    return found.model_fields if found else ()


def _description(model: type[BaseModel], path: Sequence[str]) -> str:
    return _resolve(model, path)[1] or STRICT
