"""The command line: `python -m offline <verb> [stack]`.

What is meant for programs goes to standard output (exports, JSON), everything else to standard error. Leaves out any
decision: what a verb does is in `offline.verbs`.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from offline import verbs as verb_of
from offline.errors import EXIT_INTERRUPTED, InterruptedRunError, OfflineError, ProgramError
from offline.progress import say

_HOME_VARIABLE = "MOKA_OFFLINE_HOME"


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
    _add_options(parser, project=verb_of.ROOT, home=os.environ.get(_HOME_VARIABLE), debug=False)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    upping = _add(verbs, "up", verb_of.up, "bring the stack up; prints resource counts and outputs")
    preview = _add(verbs, "preview", verb_of.preview, "show what `up` would do")
    preview.add_argument("--expect-no-changes", action="store_true", help="fail when anything would change")
    refreshing = _add(verbs, "refresh", verb_of.refresh, "read every resource back into the state")
    destroying = _add(verbs, "destroy", verb_of.destroy, "delete every resource; refused while any is protected")
    destroying.add_argument("--filled", action="store_true", help="judge as if every bucket held objects")
    commanding = _add(
        verbs, "aws", verb_of.aws, "carry out a command of the aws CLI on the emulated account, such as README's"
    )
    commanding.add_argument("words", nargs=argparse.REMAINDER, help="what follows aws")
    listing = _add(
        verbs, "images", verb_of.images, "list every image that the stack can start; fails on one that is not right"
    )
    listing.add_argument(
        "--registry",
        nargs="?",
        const="",
        metavar="PLACE",
        help="ask the registry of each whether it is there, or another one that has them under the same names",
    )
    proving = _add_verb(
        verbs, "isolation", verb_of.isolation, "prove that no environment can write another's resources"
    )
    proving.add_argument("stacks", nargs="*", metavar="STACK", help="two or more; all of them without one")
    proving.add_argument("--second-opinion", action="store_true", help="ask iam-simulate as well")
    reaching = _add(
        verbs, "reachability", verb_of.reachability, "show who may open a connection to whom, and by which rules"
    )
    form = reaching.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="every pair, for programs")
    form.add_argument("--into", type=Path, metavar="FILE", help="write it into a Markdown file with its marks")
    differing = _add_verb(verbs, "diff", verb_of.diff, "show what a change would do to every stack")
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
    differing.add_argument(
        "--cluster",
        action="store_true",
        dest="on_cluster",
        help="carry the change out on a Kubernetes that runs on this machine, and show what its API server says",
    )
    _add(verbs, "export", verb_of.export, "print the deployment, as `pulumi stack export`")
    rendering = _add(verbs, "render", verb_of.render, "write the stack's resources, objects and policies as files")
    rendering.add_argument("--out", type=Path, required=True, metavar="DIR", help="directory to write to")
    picture = _add(verbs, "picture", verb_of.picture, "draw the stack's components into a Markdown file")
    picture.add_argument("--into", type=Path, required=True, metavar="FILE", help="file with the picture's markers")
    screenshot = _add(verbs, "screenshot", verb_of.screenshot, "draw what `up` shows in a terminal into an SVG file")
    screenshot.add_argument("--into", type=Path, required=True, metavar="FILE", help="the file")
    drawings = _add(verbs, "drawings", verb_of.drawings, "draw the stack's network, cluster and ways of data as SVG")
    drawings.add_argument("--into", type=Path, required=True, metavar="DIR", help="directory that gets the files")
    session = _add(verbs, "env", verb_of.env, "start the providers and print exports for an ordinary `pulumi` session")
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
