"""The command line of `python -m moka_smoke`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moka_logs.exit_codes import described
from moka_logs.place import stacks
from moka_smoke.word_count import EXECUTORS

TIMEOUT_MINUTES = 30
MOST_EXECUTORS = 100


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Args:
        stack: the environment.
        team: whose application it is; the stack's first that may write somewhere unless given.
        image: Spark's; the stack's unless given.
        executors: how many the application has.
        timeout_minutes: how long all of it may take, cleaning up left out.
        context: of the kubeconfig, to submit as; the current one unless given.
        kubeconfig: the file; what KUBECONFIG or the home directory says unless given.
        log_profile: AWS profile that reads the log buckets; the current credentials unless given.
        keep: leave everything that the run made.
    """

    stack: str
    team: str | None = None
    image: str | None = None
    executors: int = EXECUTORS
    timeout_minutes: int = TIMEOUT_MINUTES
    context: str | None = None
    kubeconfig: str | None = None
    log_profile: str | None = None
    keep: bool = False


def parse(argv: Sequence[str]) -> Request:
    """The request of a command line.

    Args:
        argv: arguments without the program's name.

    Raises:
        SystemExit: with code 2 and a message, when the arguments are wrong.
    """
    parser = argparse.ArgumentParser(
        "python -m moka_smoke",
        description="Runs a word count for a team of an environment, and says of each thing that an application should "
        "leave behind whether it is there.",
        epilog=described("everything happened", "something did not", "AWS or Kubernetes"),
    )
    parser.add_argument("stack", metavar="STACK", choices=stacks(), help="the environment: " + ", ".join(stacks()))
    parser.add_argument("--team", help="whose application it is; the first that may write somewhere unless given")
    parser.add_argument("--image", help="Spark's image; the stack's unless given")
    parser.add_argument(
        "--executors", type=_number(MOST_EXECUTORS), default=EXECUTORS, metavar="N", help=f"{EXECUTORS} unless given"
    )
    parser.add_argument(
        "--timeout-minutes",
        type=_number(24 * 60),
        default=TIMEOUT_MINUTES,
        metavar="N",
        help=f"how long all of it may take; {TIMEOUT_MINUTES} unless given",
    )
    parser.add_argument(
        "--context",
        help="context of the kubeconfig to submit as, such as a team's person; the current one looks at the platform",
    )
    parser.add_argument("--kubeconfig", metavar="FILE", help="another kubeconfig than kubectl's")
    parser.add_argument(
        "--log-profile", metavar="NAME", help="AWS profile that reads the log buckets, where yours may not"
    )
    parser.add_argument("--keep", action="store_true", help="leave what the run made, to look at")
    return Request(**vars(parser.parse_args(argv)))


def _number(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if text.isdigit() and 1 <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")

    return number
