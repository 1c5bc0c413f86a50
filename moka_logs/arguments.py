"""The command line of `python -m moka_logs`."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from components.teams.names import namespace_of
from moka_logs.exit_codes import described
from moka_logs.object_keys import APPLICATION_ID, NAMESPACE, POD_NAME, ROLES, Role
from moka_logs.place import stacks

_AGE = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Args:
        application_id: Spark's id of the application.
        stack: the environment that it ran in.
        namespace: the namespace that it ran in; None where it has to be looked for.
        role: only drivers or only executors.
        pod: only this pod.
        follow: go on with new lines until interrupted.
        grep: only lines in which this is found.
        since: only lines of this time and later.
        tail: only so many lines at the end.
        bucket: another bucket than the stack's.
        region: another Region than the stack's.
    """

    application_id: str
    stack: str
    namespace: str | None = None
    role: Role | None = None
    pod: str | None = None
    follow: bool = False
    grep: re.Pattern[str] | None = None
    since: datetime | None = None
    tail: int | None = None
    bucket: str | None = None
    region: str | None = None


def parse(argv: Sequence[str], now: datetime) -> Request:
    """The request of a command line.

    Args:
        argv: arguments without the program's name.
        now: the time that ages are counted from.

    Raises:
        SystemExit: with code 2 and a message, when the arguments are wrong.
    """
    parser = argparse.ArgumentParser(
        "python -m moka_logs",
        description="Prints a Spark application's logs in order of time, straight from the bucket they are shipped to.",
        epilog=described("lines were found", "none were"),
    )
    parser.add_argument("application_id", metavar="APPLICATION_ID", type=application_id, help="such as spark-3b1f0e6a")
    parser.add_argument("--stack", required=True, choices=stacks(), help="the environment that it ran in")
    places = parser.add_mutually_exclusive_group()
    places.add_argument(
        "--team", dest="namespace", type=team_namespace, help="the team that it ran for; else it is looked for"
    )
    places.add_argument("--namespace", type=_namespace, help="the namespace that it ran in, where that is no team's")
    parser.add_argument("--role", choices=ROLES, help="only the drivers, or only the executors")
    parser.add_argument("--pod", type=_pod, help="only this pod")
    parser.add_argument("--follow", action="store_true", help="go on with new lines until interrupted")
    parser.add_argument("--grep", metavar="RE", type=_pattern, help="only lines in which this is found")
    parser.add_argument(
        "--since", metavar="TIME", type=lambda text: _since(text, now), help="such as 30m, 2h, 1d, or a time in UTC"
    )
    parser.add_argument("--tail", metavar="N", type=_count, help="only the last N lines")
    parser.add_argument("--bucket", help="another bucket than the stack's")
    parser.add_argument("--region", help="another Region than the stack's")
    return Request(**vars(parser.parse_args(argv)))


def application_id(text: str) -> str:
    """An application's id, as an argument's type."""
    if APPLICATION_ID.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is not an application id of Spark on Kubernetes: it is spark- with letters, digits and hyphens, and "
        "stands in label spark-app-selector of the application's pods (kubectl get pods -L spark-app-selector)"
    )


def team_namespace(text: str) -> str:
    """The namespace of a team, as an argument's type."""
    if NAMESPACE.fullmatch(namespace := namespace_of(text)):
        return namespace
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a team's name: it is lower-case letters, digits and hyphens, as under teams in the stack file"
    )


def _namespace(text: str) -> str:
    if NAMESPACE.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a namespace: it is lower-case letters, digits and hyphens; kubectl get namespaces shows them"
    )


def _pod(text: str) -> str:
    if POD_NAME.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a pod's name: it is lower-case letters, digits, hyphens and dots; kubectl get pods shows it"
    )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a regular expression: {error}") from error


def _since(text: str, now: datetime) -> datetime:
    try:
        if match := _AGE.fullmatch(text):
            return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither an age, such as 30m, 2h or 1d, nor a time, such as 2026-11-23T10:00:00"
        ) from error


def _count(text: str) -> int:
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of lines: write 1 or more")
