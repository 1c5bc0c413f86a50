"""A stack that is up, with something switched on, from a copy of the state in which it is up without."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.engine import OfflineEngine
from offline.summary import Summary
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of, type_of
from tests.stacks.project_copy import copy_of_project, set_settings

Object = dict[str, Any]


@dataclass(frozen=True)
class Switched:
    """The stack with what was switched on.

    Args:
        engine: on the copy.
        summary: of the `up` that switched it on.
        resources: what the state holds then.
    """

    engine: OfflineEngine
    summary: Summary
    resources: Sequence[Mapping[str, Any]]

    @classmethod
    def on(cls, stacks: StacksThatAreUp, stack: str, settings: Mapping[str, Any], directory: Path) -> "Switched":
        """Bring a stack up, copy it, and switch something on in the copy.

        Args:
            stacks: where it is brought up.
            stack: its name.
            settings: values to set; slashes between keys.
            directory: where the copies go.
        """
        engine = stacks.copied(stack, directory / "home", copy_of_project(directory / "project"))
        set_settings(engine.project.root, stack, settings)
        summary = engine.up(stack)
        return cls(engine, summary, engine.export(stack)["resources"])

    def copied(self, directory: Path) -> OfflineEngine:
        """An engine on a copy of this state, and of its program."""
        shutil.copytree(self.engine.project.root, directory / "project")
        shutil.copytree(self.engine.home, directory / "home")
        return OfflineEngine(directory / "project", directory / "home")

    def of(self, kind: str) -> list[Object]:
        """Inputs of every resource of a type, as the engine sent them."""
        return [each["inputs"] for each in self.resources if type_of(each["urn"]) == kind]

    def find(self, kind: str, name: str) -> Mapping[str, Any]:
        """One resource of the state."""
        (found,) = [each for each in self.resources if (type_of(each["urn"]), name_of(each["urn"])) == (kind, name)]
        return found
