"""The state that a revision's program leaves behind, kept by what decided it: the next comparison finds it."""

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from components.deployed import OUTPUT
from offline.diff.connections import Connections, connections_of, from_json, to_json
from offline.diff.dependencies import Dependencies, reading
from offline.diff.kept import prune, used
from offline.engine import OfflineEngine
from offline.progress import Say
from offline.summary import stack_outputs

_DEPENDENCIES, _DEPLOYMENT, _SETTINGS, _HOME = "dependencies.json", "deployment.json", "settings.json", "home"
_SDKS = ("pulumi", "pulumi-aws", "pulumi-eks", "pulumi-kubernetes")
_PACKAGE = Path(__file__).parent.parent
_CONNECTIONS = "connections.json"


@dataclass(frozen=True)
class BaseState:
    """One stack as a revision's program makes it.

    Args:
        home: of an engine that goes on from there. Nothing is protected in it, so that a change which would delete what
            is protected is told whole.
        deployment: what was there, protection included.
        settings: those that it was deployed with, defaults included; none where its program leaves none.
        dependencies: files that decided it.
    """

    home: Path
    deployment: Mapping[str, Any]
    settings: Mapping[str, Any] | None
    dependencies: Dependencies

    def connections(self, report: Say) -> Connections:
        """What may be opened in it; worked out when it is asked for, and kept."""
        file = self.home.parent / _CONNECTIONS
        if not file.is_file():
            file.write_text(json.dumps(to_json(connections_of(self.deployment, report))))
        return from_json(json.loads(file.read_text()))


def base_state(project: Path, stack: str, place: Path, report: Say) -> BaseState:
    """A stack of a revision, brought up unless it was before.

    Args:
        project: the revision's directory.
        stack: its name.
        place: directory below which states are kept.
        report: where signs of life go.

    Raises:
        OfflineError: when it does not come up.
    """
    if (found := kept_state(project, stack, place)) is not None:
        return found
    kept = place / _version() / stack
    kept.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="new-", dir=kept))
    try:
        _bring_up(project, stack, scratch, report)
    except BaseException:
        shutil.rmtree(scratch)
        raise
    entry = kept / hashlib.sha256((scratch / _DEPENDENCIES).read_bytes()).hexdigest()[:16]
    shutil.rmtree(entry, ignore_errors=True)
    scratch.rename(entry)
    prune(kept)
    prune(place)
    return _read(entry)


def kept_state(project: Path, stack: str, place: Path) -> BaseState | None:
    """The same, where a comparison before this one left it."""
    for entry in (place / _version() / stack).glob("*"):
        if (entry / _DEPENDENCIES).is_file():
            dependencies = Dependencies.from_json((entry / _DEPENDENCIES).read_text())
            if dependencies.hold_in(project):
                return _read(used(entry))
    return None


def without_protection(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """The same deployment with nothing protected, so that a change may delete what it would."""
    resources = [{**each, "protect": False} for each in deployment["resources"]]
    return {**deployment, "resources": resources}


def _bring_up(project: Path, stack: str, entry: Path, report: Say) -> None:
    engine = OfflineEngine(project, entry / _HOME, report, judges=tuple)
    with reading(project) as reads:
        engine.up(stack)
    deployment = engine.export(stack)
    (entry / _DEPLOYMENT).write_text(json.dumps(deployment))
    if OUTPUT in stack_outputs(deployment):
        # Marked secret, although it holds none: components/deployed.py says why.
        words = ("stack", "output", OUTPUT, "--show-secrets", "--stack", stack)
        (entry / _SETTINGS).write_text(engine.pulumi(stack, words))
    engine.state(stack).replace(without_protection(deployment))
    (entry / _DEPENDENCIES).write_text(Dependencies.of(reads, "Pulumi.yaml").to_json())


def _read(entry: Path) -> BaseState:
    dependencies = Dependencies.from_json((entry / _DEPENDENCIES).read_text())
    deployment, settings = json.loads((entry / _DEPLOYMENT).read_text()), entry / _SETTINGS
    return BaseState(
        entry / _HOME, deployment, json.loads(settings.read_text()) if settings.is_file() else None, dependencies
    )


@cache
def _version() -> str:
    """Of the emulation and the SDKs, by which another state would come of the same files."""
    found = hashlib.sha256()
    for each in sorted(_PACKAGE.rglob("*.py")):
        found.update(each.read_bytes())
    found.update("\n".join(importlib.metadata.version(each) for each in _SDKS).encode())
    return found.hexdigest()[:16]
