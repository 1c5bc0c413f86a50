"""What each verb of the command line does: the engine is asked, and its answer is printed.

What is meant for programs goes to standard output as it is. Leaves out any decision: verbs are
`offline.engine.OfflineEngine`'s methods.
"""

import argparse
import importlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from offline.drawings.files import draw_to
from offline.engine import OfflineEngine
from offline.errors import ImagesError, UnexpectedChangesError
from offline.images import images_of, lines_of
from offline.picture import draw_into
from offline.progress import say
from offline.reachability.deployment import resources_of
from offline.reachability.matrix import matrix_of
from offline.reachability.report import as_json, text_of, write_into
from offline.render import fresh_deployment
from offline.render import render as write_files
from offline.session import Session

ROOT = Path(__file__).resolve().parent.parent
# Directory of the program that makes what an account has before its environment.
BOOTSTRAP = "bootstrap"


# Commands for people, with what they do; only this repository has their targets.
AFTER_UP = (
    ("make preview STACK={stack}", "shows what a change would do"),
    ("make render STACK={stack}", "writes it to build/{stack}"),
    ("make destroy STACK={stack}", "takes it down"),
    ('eval "$(.venv/bin/python -m offline env {stack})"', "lets pulumi itself work on it:"),
    ("pulumi stack output --stack {stack} --show-secrets", "prints outputs whole"),
)
AFTER_PREVIEW = (("make offline STACK={stack}", "does it"),)


def commands_for(stack: str, commands: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Commands of a stack, each with what it does."""
    return [(command.format(stack=stack), purpose.format(stack=stack)) for command, purpose in commands]


def _next(
    options: argparse.Namespace, engine: OfflineEngine, commands: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    return commands_for(options.stack, commands) if engine.project.root == ROOT and not options.home else []


def _outputs_of(engine: OfflineEngine) -> Mapping[str, str]:
    """What each output of a project of this repository is for."""
    if not engine.project.root.is_relative_to(ROOT):
        return {}
    outputs = importlib.import_module("components.outputs")
    return {**outputs.OUTPUTS, **outputs.BOOTSTRAP_OUTPUTS}


def _result() -> tuple[Any, Any]:
    """What tells results, and what prints them; both take a moment to import, and not every verb has a result."""
    names = ("offline.terminal.result", "offline.terminal.console")
    result, console = map(importlib.import_module, names)
    return result, console.show


def _engine(options: argparse.Namespace) -> OfflineEngine:
    if getattr(options, "cluster", False):
        # What a cluster needs takes a moment to import, and most verbs have none.
        local = importlib.import_module("local_cluster.stack")
        home, real_nodes = options.home and Path(options.home), getattr(options, "real_nodes", None)
        options.engine = local.started(options.project, home, options.stack, say, real_nodes)
    else:
        options.engine = OfflineEngine(options.project, options.home and Path(options.home), report=say)
    return options.engine


def up(options: argparse.Namespace) -> None:
    """Bring the stack up."""
    engine = _engine(options)
    summary = engine.up(options.stack)
    result, show = _result()
    show(*result.changes(summary), result.holdings(summary), *result.outputs(summary, _outputs_of(engine)))
    if engine.cluster is not None:
        print(f"\n{engine.cluster.usage()}")
    else:
        show(*result.next_steps(_next(options, engine, AFTER_UP)))


def preview(options: argparse.Namespace) -> None:
    """Show what `up` would do."""
    engine = _engine(options)
    summary = engine.preview(options.stack)
    result, show = _result()
    show(*result.changes(summary))
    if options.expect_no_changes and summary.has_changes:
        listed = "\n".join(f"  {change}" for change in summary.changed)
        raise UnexpectedChangesError(f"{options.stack} has changes where none were expected:\n{listed}")
    if summary.has_changes and engine.cluster is None:
        show(*result.next_steps(_next(options, engine, AFTER_PREVIEW)))


def refresh(options: argparse.Namespace) -> None:
    """Read every resource back into the state."""
    result, show = _result()
    show(*result.changes(_engine(options).refresh(options.stack)))


def destroy(options: argparse.Namespace) -> None:
    """Delete every resource of the stack."""
    summary = _engine(options).destroy(options.stack, buckets_are_filled=options.filled)
    result, show = _result()
    show(*result.changes(summary), result.holdings(summary))
    for left in _engine(options).left_over(options.stack):
        print(f"  {left.type} {left.identifier} stays in the account: {left.reason}")


def aws(options: argparse.Namespace) -> None:
    """Carry out a command of the aws CLI on the emulated account."""
    print(_engine(options).aws(options.stack, options.words))


def images(options: argparse.Namespace) -> None:
    """List every image that the stack can start."""
    # Registries are asked by a program that other verbs do without.
    ask = None if options.registry is None else importlib.import_module("moka_images.asking").asking(options.registry)
    found = images_of(_engine(options).rehearse(options.stack), ask)
    for line in lines_of(found):
        print(line)
    if wrong := [each for each in found if each.problem]:
        listed = "\n".join(f"  {each.reference} {each.problem}" for each in wrong)
        raise ImagesError(f"{options.stack} has {len(wrong)} images that are not right, of {len(found)}:\n{listed}")


def isolation(options: argparse.Namespace) -> None:
    """Prove that no environment can write another's resources."""
    engine = _engine(options)
    stacks = options.stacks or engine.project.stacks()
    # The program's settings take a moment to import, and most verbs need none of them.
    report = importlib.import_module("offline.isolation.report")
    bootstrap = OfflineEngine(engine.project.root / BOOTSTRAP, report=say)
    made = {
        each: (
            report.settings_of(engine.project, each),
            fresh_deployment(engine, each, say),
            fresh_deployment(bootstrap, each, say),
        )
        for each in stacks
    }
    for line in report.prove(made, say, twice=options.second_opinion):
        print(line)


def reachability(options: argparse.Namespace) -> None:
    """Show who may open a connection to whom."""
    matrix = matrix_of(resources_of(fresh_deployment(_engine(options), options.stack, say), say))
    if options.into:
        write_into(options.into, matrix)
    else:
        print(as_json(matrix) if options.json else text_of(matrix))


def diff(options: argparse.Namespace) -> None:
    """Show what a change would do to every stack."""
    # The program's settings take a moment to import, and most verbs need none of them.
    importlib.import_module("offline.diff.command").run(options, _engine(options))


def export(options: argparse.Namespace) -> None:
    """Print the deployment."""
    print(json.dumps({"version": 3, "deployment": _engine(options).export(options.stack)}, indent=4))


def render(options: argparse.Namespace) -> None:
    """Write the stack's resources, objects and policies as files."""
    files = write_files(_engine(options), options.stack, options.out, say)
    print(f"{options.stack}: {files} files in {options.out}")


def picture(options: argparse.Namespace) -> None:
    """Draw the stack's components into a Markdown file."""
    draw_into(options.into, fresh_deployment(_engine(options), options.stack, say))


def drawings(options: argparse.Namespace) -> None:
    """Draw the stack's network, cluster and ways of data."""
    deployment = fresh_deployment(_engine(options), options.stack, say)
    draw_to(options.into, resources_of(deployment, say), say)


def screenshot(options: argparse.Namespace) -> None:
    """Draw what bringing the stack up shows, as a terminal has it, into an SVG file."""
    engine = _engine(options)
    drawing = importlib.import_module("offline.terminal.screenshot")
    with tempfile.TemporaryDirectory() as home:
        summary = OfflineEngine(engine.project.root, Path(home), say).up(options.stack)
    options.into.parent.mkdir(parents=True, exist_ok=True)
    options.into.write_text(drawing.drawn(summary, _outputs_of(engine), commands_for(options.stack, AFTER_UP)))


def env(options: argparse.Namespace) -> None:
    """Start or end the providers of an ordinary `pulumi` session."""
    session = Session(_engine(options), options.stack)
    if options.stop:
        session.stop()
    else:
        print(session.exports(say))
