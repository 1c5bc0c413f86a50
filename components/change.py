"""What changing a setting does to an environment that runs: the classification that stands with every field.

A field of a settings model carries an `OnChange` in its annotation. The settings reference shows it, the refusal of a
change quotes it (`rules/changes.py`), and the drill of changes holds it against the real engine. Leaves out whether a
value is right as such, which the model's rules say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

Effect = Literal["in place", "replaces", "steps", "impossible"]
# How a value moved: numbers, versions and ranges grow or shrink; entries and optional values come and go.
Direction = Literal["larger", "smaller", "added", "removed", "other"]
VERSION = re.compile(r"^v?\d+\.\d+([.-]\w+)*$")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one kind of change does.

    Args:
        effect: takes effect in place; replaces resources without loss; needs steps, and is refused until they are
            taken; or is impossible once the environment is made, and refused for ever.
        how: a clause that says what happens, which steps to take, or why not.
        replaces: type tokens of what is replaced or deleted on the way.
        loses: the data that is deleted; such a change is refused unless the stack accepts it.
        page: page of docs/ that describes the steps.
    """

    effect: Effect
    how: str = ""
    replaces: tuple[str, ...] = ()
    loses: str = ""
    page: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the change is not carried out as it stands."""
        return self.effect in ("steps", "impossible")

    def __str__(self) -> str:
        loss = f"; deletes {self.loses}, so it must stand in accept_loss" if self.loses else ""
        page = f" ({self.page})" if self.page else ""
        return f"{self.effect}{': ' if self.how else ''}{self.how}{page}{loss}"


def in_place(how: str = "", *, loses: str = "") -> Change:
    """Takes effect where it is; what it restarts, if anything, stands in `how`."""
    return Change(effect="in place", how=how, loses=loses)


def replaces(*types: str, how: str, loses: str = "") -> Change:
    """Replaces or deletes resources of these types; `how` says why nothing else is lost."""
    return Change(effect="replaces", how=how, replaces=types, loses=loses)


def steps(how: str, page: str) -> Change:
    """Is refused until the steps are taken that `how` names and the page describes."""
    return Change(effect="steps", how=how, page=page)


def impossible(why: str) -> Change:
    """Is refused, because the environment cannot be changed that way once it is made."""
    return Change(effect="impossible", how=why)


class OnChange:
    """The classification of one field, in its annotation.

    Args:
        always: what every change does that no direction names.
        to: what a change to one value does, for words out of a list.
        directions: what a change in one direction does; see `Direction`.
    """

    def __init__(self, always: Change, *, to: Mapping[str, Change] | None = None, **directions: Change) -> None:
        self.always = always
        self.to: Mapping[str, Change] = to or {}
        self.directions: Mapping[str, Change] = directions

    def of(self, old: object, new: object) -> Change:
        """What a change from one value to another does, both as JSON holds them."""
        if isinstance(new, str) and new in self.to:
            return self.to[new]
        return self.directions.get(direction(old, new), self.always)

    @property
    def sentences(self) -> dict[str, str]:
        """Direction, `to` a value, or `change` for all others, to what it does."""
        named = {**{f"to {value}": each for value, each in self.to.items()}, **self.directions}
        return {name: str(each) for name, each in {**named, "change": self.always}.items()}

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-change": self.sentences}


def classification(metadata: list[Any]) -> OnChange | None:
    """The classification among a field's annotations."""
    return next((each for each in metadata if isinstance(each, OnChange)), None)


def direction(old: object, new: object) -> Direction:
    """How a value moved from one to the other, both as JSON holds them; versions move as numbers do."""
    if old is None or new is None:
        return "added" if old is None else "removed"
    if isinstance(old, str) and isinstance(new, str):
        before, after = _numbers(old), _numbers(new)
        return "other" if before is None or after is None else "larger" if after > before else "smaller"
    if isinstance(old, list) and isinstance(new, list):
        before, after = cast(list[object], old), cast(list[object], new)
        gone = any(each not in after for each in before)
        come = any(each not in before for each in after)
        return "other" if gone == come else "removed" if gone else "added"
    if isinstance(old, bool) or isinstance(new, bool):
        return "added" if new else "removed"
    if isinstance(old, int | float) and isinstance(new, int | float):
        return "larger" if new > old else "smaller"
    return "other"


def _numbers(text: str) -> tuple[int, ...] | None:
    """A version as numbers, such as v1.35.3-eksbuild.21; None for anything else."""
    if not VERSION.match(text):
        return None
    return tuple(int(each) for each in re.findall(r"\d+", text))
