"""The command line: `python -m offline <verb> [stack]`.

What is meant for programs goes to standard output (exports, JSON), everything else to standard error. Leaves out any
decision: verbs are `offline.engine.OfflineEngine`'s methods.
"""

import argparse
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from offline.engine import OfflineEngine
from offline.errors import (
    EXIT_INTERRUPTED,
    ImagesError,
    InterruptedRunError,
    OfflineError,
    ProgramError,
    UnexpectedChangesError,
)
from offline.images import images_of, lines_of
from offline.picture import draw_into
from offline.progress import say
from offline.reachability.deployment import resources_of
from offline.reachability.matrix import matrix_of
from offline.reachability.report import as_json, text_of, write_into
from offline.render import fresh_deployment, render
from offline.session import Session
from offline.summary import Summary

_HOME_VARIABLE = "MOKA_OFFLINE_HOME"
_ROOT = Path(__file__).resolve().parent.parent
# Directory of the program that makes what an account has before its environment.
BOOTSTRAP = "bootstrap"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and exit: 0 on success, 2 for a wrong command or stack, 130 after Ctrl-C, else 1."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        code = 0
    except (KeyboardInterrupt, InterruptedRunError) as error:
        if (engine := getattr(options, "engine", None)) is not None and engine.cluster is not None:
            engine.cluster.abandon()
        say(str(error) or "Stopped. Run the same command again to continue.")
        code = EXIT_INTERRUPTED
    except OfflineError as error:
        if options.debug and isinstance(error, ProgramError):
            say(error.trace)
        elif options.debug:
            traceback.print_exc()
        say(str(error))
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    # The program may still be sleeping in a thread of its own, which an ordinary exit would wait for.
    os._exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m offline",
        description="Run the program on the real Pulumi engine with emulated AWS, EKS and Kubernetes.",
    )
    _add_options(parser, project=_ROOT, home=os.environ.get(_HOME_VARIABLE), debug=False)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    upping = _add(verbs, "up", _up, "bring the stack up; prints resource counts and outputs")
    preview = _add(verbs, "preview", _preview, "show what `up` would do")
    preview.add_argument("--expect-no-changes", action="store_true", help="fail when anything would change")
    refreshing = _add(verbs, "refresh", _refresh, "read every resource back into the state")
    destroying = _add(verbs, "destroy", _destroy, "delete every resource; refused while any is protected")
    destroying.add_argument("--filled", action="store_true", help="judge as if every bucket held objects")
    commanding = _add(
        verbs, "aws", _aws, "carry out a command of the aws CLI on the emulated account, such as README's"
    )
    commanding.add_argument("words", nargs=argparse.REMAINDER, help="what follows aws")
    listing = _add(
        verbs, "images", _images, "list every image that the stack can start; fails on one that is not right"
    )
    listing.add_argument(
        "--registry",
        nargs="?",
        const="",
        metavar="PLACE",
        help="ask the registry of each whether it is there, or another one that has them under the same names",
    )
    proving = _add_verb(verbs, "isolation", _isolation, "prove that no environment can write another's resources")
    proving.add_argument("stacks", nargs="*", metavar="STACK", help="two or more; all of them without one")
    proving.add_argument("--second-opinion", action="store_true", help="ask iam-simulate as well")
    reaching = _add(verbs, "reachability", _reachability, "show who may open a connection to whom, and by which rules")
    form = reaching.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="every pair, for programs")
    form.add_argument("--into", type=Path, metavar="FILE", help="write it into a Markdown file with its marks")
    differing = _add_verb(verbs, "diff", _diff, "show what a change would do to every stack")
    differing.add_argument("base", metavar="BASE", help="revision that is deployed, such as origin/main")
    differing.add_argument("head", nargs="?", metavar="HEAD", help="revision that would be; the work tree without one")
    differing.add_argument(
        "--stack", action="append", default=[], dest="stacks", metavar="STACK", help="look at no other"
    )
    differing.add_argument("--json", action="store_true", help="print everything, for programs")
    differing.add_argument(
        "--processes", type=int, default=os.cpu_count(), metavar="N", help="stacks at the same time (%(default)s)"
    )
    differing.add_argument("--markdown", type=Path, metavar="FILE", help="write it as a comment on a pull request")
    differing.add_argument(
        "--accepted", type=Path, metavar="FILE", help="text with lines that accept dangers, such as the pull request's"
    )
    _add(verbs, "export", _export, "print the deployment, as `pulumi stack export`")
    rendering = _add(verbs, "render", _render, "write the stack's resources, objects and policies as files")
    rendering.add_argument("--out", type=Path, required=True, metavar="DIR", help="directory to write to")
    picture = _add(verbs, "picture", _picture, "draw the stack's components into a Markdown file")
    picture.add_argument("--into", type=Path, required=True, metavar="FILE", help="file with the picture's markers")
    session = _add(verbs, "env", _env, "start the providers and print exports for an ordinary `pulumi` session")
    session.add_argument("--stop", action="store_true", help="end the providers instead")
    upping.add_argument("--real-nodes", type=int, metavar="N", help="with --cluster: nodes whose containers run")
    for verb in (upping, preview, refreshing, destroying):
        verb.add_argument("--cluster", action="store_true", help="with a Kubernetes that runs on this machine")
    return parser


def _add(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    explanation: str,
) -> argparse.ArgumentParser:
    verb = _add_verb(verbs, name, run, explanation)
    verb.add_argument("stack", help="for example dev")
    return verb


def _add_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    explanation: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=explanation, description=explanation)
    # Given after the verb they hold too; not given, they must not undo what stood before it.
    _add_options(verb, project=argparse.SUPPRESS, home=argparse.SUPPRESS, debug=argparse.SUPPRESS)
    verb.set_defaults(run=run)
    return verb


def _add_options(parser: argparse.ArgumentParser, project: object, home: object, debug: object) -> None:
    parser.add_argument("--project", type=Path, default=project, help="directory of Pulumi.yaml (this repository)")
    parser.add_argument("--home", type=Path, default=home, help=f"where state is kept, or ${_HOME_VARIABLE}")
    parser.add_argument("--debug", action="store_true", default=debug, help="show whole tracebacks")


def _engine(options: argparse.Namespace) -> OfflineEngine:
    if getattr(options, "cluster", False):
        # What a cluster needs takes a moment to import, and most verbs have none.
        local = importlib.import_module("local_cluster.stack")
        home, real_nodes = options.home and Path(options.home), getattr(options, "real_nodes", None)
        options.engine = local.started(options.project, home, options.stack, say, real_nodes)
    else:
        options.engine = OfflineEngine(options.project, options.home and Path(options.home), report=say)
    return options.engine


def _up(options: argparse.Namespace) -> None:
    engine = _engine(options)
    summary = engine.up(options.stack)
    _print_changes(summary)
    _print_resources(summary)
    if engine.cluster is not None:
        print(engine.cluster.usage())


def _preview(options: argparse.Namespace) -> None:
    summary = _engine(options).preview(options.stack)
    _print_changes(summary)
    if options.expect_no_changes and summary.has_changes:
        listed = "\n".join(f"  {change}" for change in summary.changed)
        raise UnexpectedChangesError(f"{options.stack} has changes where none were expected:\n{listed}")


def _refresh(options: argparse.Namespace) -> None:
    _print_changes(_engine(options).refresh(options.stack))


def _destroy(options: argparse.Namespace) -> None:
    summary = _engine(options).destroy(options.stack, buckets_are_filled=options.filled)
    _print_changes(summary)
    print(f"{options.stack}: {sum(summary.resources.values())} resources left")
    for left in _engine(options).left_over(options.stack):
        print(f"  {left.type} {left.identifier} stays in the account: {left.reason}")


def _aws(options: argparse.Namespace) -> None:
    print(_engine(options).aws(options.stack, options.words))


def _images(options: argparse.Namespace) -> None:
    # Registries are asked by a program that other verbs do without.
    ask = None if options.registry is None else importlib.import_module("moka_images.asking").asking(options.registry)
    found = images_of(_engine(options).rehearse(options.stack), ask)
    for line in lines_of(found):
        print(line)
    if wrong := [each for each in found if each.problem]:
        listed = "\n".join(f"  {each.reference} {each.problem}" for each in wrong)
        raise ImagesError(f"{options.stack} has {len(wrong)} images that are not right, of {len(found)}:\n{listed}")


def _isolation(options: argparse.Namespace) -> None:
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


def _reachability(options: argparse.Namespace) -> None:
    matrix = matrix_of(resources_of(fresh_deployment(_engine(options), options.stack, say), say))
    if options.into:
        write_into(options.into, matrix)
    else:
        print(as_json(matrix) if options.json else text_of(matrix))


def _diff(options: argparse.Namespace) -> None:
    # The program's settings take a moment to import, and most verbs need none of them.
    importlib.import_module("offline.diff.command").run(options, _engine(options))


def _export(options: argparse.Namespace) -> None:
    print(json.dumps({"version": 3, "deployment": _engine(options).export(options.stack)}, indent=4))


def _render(options: argparse.Namespace) -> None:
    files = render(_engine(options), options.stack, options.out, say)
    print(f"{options.stack}: {files} files in {options.out}")


def _picture(options: argparse.Namespace) -> None:
    draw_into(options.into, fresh_deployment(_engine(options), options.stack, say))


def _env(options: argparse.Namespace) -> None:
    session = Session(_engine(options), options.stack)
    if options.stop:
        session.stop()
    else:
        print(session.exports(say))


def _print_changes(summary: Summary) -> None:
    # A stack that comes up or goes down whole would list everything it has.
    if summary.changes.get("same"):
        for change in summary.changed:
            print(f"  {change}")
    counts = ", ".join(f"{count} {operation}" for operation, count in sorted(summary.changes.items()))
    print(f"{summary.stack}: {counts or 'no resources'}")


def _print_resources(summary: Summary) -> None:
    for package, count in summary.resources.items():
        print(f"  {package:<12}{count:>5}")
    print(f"  {'total':<12}{sum(summary.resources.values()):>5}")
    print("outputs:")
    for name, value in summary.outputs.items():
        print(f"  {name}: {value if isinstance(value, str) else json.dumps(value)}")
