"""The command line for clusters that are there: `python -m local_cluster <verb> [stack]`.

A cluster is started by what brings its stack up, `python -m offline up <stack> --cluster`.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from local_cluster.inside import run_inside
from local_cluster.spark.command import run_word_count
from local_cluster.spark.way import Way
from local_cluster.stack import local_stack
from local_cluster.usage import exports, usage
from offline import lock
from offline.errors import EXIT_INTERRUPTED, OfflineError
from offline.progress import say

_HOME_VARIABLE = "MOKA_CLUSTER_HOME"
_ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and exit: 0 on success, 2 for a wrong command or stack, 130 after Ctrl-C, else 1."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except OfflineError as error:
        say(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("Stopped. Run the same command again to continue.")
        sys.exit(EXIT_INTERRUPTED)
    sys.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local_cluster", description="Look after a stack's local cluster.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _add(verbs, "status", _status, "say whether the cluster runs, and how to use it")
    _add(verbs, "env", _env, "print the exports with which a shell's kubectl means the cluster")
    _add(verbs, "stop", _stop, "end every process of the cluster; what it stores stays")
    _add(verbs, "delete", _delete, "stop the cluster, and delete what it and its stack's state store")
    executing = _add(verbs, "exec", _exec, "run a command in the network of a cluster with real nodes")
    executing.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND", help="for example curl and an address")
    running = _add(
        verbs, "spark", _spark, "run a Spark application on real nodes, and look for all that it should leave"
    )
    running.add_argument(
        "--real-nodes", type=int, metavar="N", help="nodes whose containers run; 3 unless chosen before"
    )
    running.add_argument(
        "--way",
        type=Way,
        choices=[*Way],
        default=Way.OPERATOR,
        help="who submits: the Spark Operator for a person of the team (operator), or spark-submit in a pod",
    )
    return parser


def _add(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    explanation: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=explanation, description=explanation)
    verb.add_argument("stack", help="for example dev")
    verb.add_argument("--project", type=Path, default=_ROOT, help="directory of Pulumi.yaml (this repository)")
    home = os.environ.get(_HOME_VARIABLE)
    verb.add_argument("--home", type=Path, default=home, help=f"where it is kept, or ${_HOME_VARIABLE}")
    verb.set_defaults(run=run)
    return verb


def _status(options: argparse.Namespace) -> None:
    _, cluster = local_stack(options.project, options.home and Path(options.home), options.stack, say)
    print(usage(cluster) if cluster.is_running else f"The cluster of {options.stack} does not run.")


def _env(options: argparse.Namespace) -> None:
    _, cluster = local_stack(options.project, options.home and Path(options.home), options.stack, say)
    print(exports(cluster.directory))


def _stop(options: argparse.Namespace) -> None:
    _, cluster = local_stack(options.project, options.home and Path(options.home), options.stack, say)
    print(f"The cluster of {options.stack} " + ("is stopped." if cluster.stop() else "did not run."))


def _exec(options: argparse.Namespace) -> None:
    _, cluster = local_stack(options.project, options.home and Path(options.home), options.stack, say)
    sys.exit(run_inside(cluster, options.words))


def _spark(options: argparse.Namespace) -> None:
    home = options.home and Path(options.home)
    sys.exit(run_word_count(options.project, home, options.stack, say, real_nodes=options.real_nodes, way=options.way))


def _delete(options: argparse.Namespace) -> None:
    engine, cluster = local_stack(options.project, options.home and Path(options.home), options.stack, say)
    with lock.hold(engine.directory(options.stack), options.stack, "delete"):
        cluster.stop()
        engine.state(options.stack).delete()
        shutil.rmtree(engine.directory(options.stack), ignore_errors=True)
    print(f"The cluster of {options.stack} and its state are deleted.")
