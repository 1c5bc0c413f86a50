"""`python -m doctor STACK`: from the command line to an exit code."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ProfileNotFound

from components.settings import STACKS
from doctor.aws import ClientOf
from doctor.checks import AREAS, CHECKS
from doctor.machine import Machine
from doctor.report import document, has_passed, lines, summary
from doctor.run import Outcome, run
from doctor.surroundings import Surroundings
from moka_logs.exit_codes import FOUND, NONE, USAGE, described
from moka_logs.place import stacks
from offline.progress import step
from offline.terminal.console import show

# Whoever waits sees a line for each check, so that an address that swallows packets must not hold one up for minutes.
_PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})


def surroundings(stack: str, profile: str | None) -> Surroundings:
    """What is looked at: this project, this machine, and the account that the credentials open.

    Args:
        stack: name of the stack.
        profile: of the credentials; AWS_PROFILE or the environment's unless given.

    Raises:
        ProfileNotFound: when there is no such profile.
    """
    machine = Machine(STACKS.parent, _environment(profile))
    return Surroundings(STACKS.parent, stack, machine=machine, client_of=_clients(profile), today=date.today())


def main(argv: Sequence[str], look_at: Callable[[str, str | None], Surroundings] = surroundings) -> int:
    """Make all checks.

    Args:
        argv: arguments without the program's name.
        look_at: gives what is looked at, of a stack and a profile.

    Returns:
        0 when nothing fails, 1 when something does, or one of the other exit codes.

    Raises:
        SystemExit: with code 2, when the arguments are wrong.
    """
    options = _parser().parse_args(argv)
    try:
        here = look_at(options.stack, options.profile)
    except ProfileNotFound as error:
        print(f"doctor: {error}: `aws configure list-profiles` lists those that there are", file=sys.stderr)
        return USAGE
    outcomes: list[Outcome] = []
    made = run(CHECKS, here)
    for check in CHECKS:
        with step(f"checking {check.name}", quiet_if_short=True):
            outcome = next(made)
        outcomes.append(outcome)
        if not options.json:
            show(*lines(outcome))
    if options.json:
        areas = {each.name: area for area, checks in AREAS.items() for each in checks}
        print(json.dumps(document(options.stack, outcomes, areas), indent=2))
    else:
        print(summary(outcomes))
    return FOUND if has_passed(outcomes) else NONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m doctor",
        description="Checks this machine and the AWS account of a stack before its first `pulumi up`, changes nothing, "
        "and gives a fix for each failure.",
        epilog=described("nothing fails", "something does"),
    )
    parser.add_argument("stack", metavar="STACK", choices=stacks(), help="the environment: " + ", ".join(stacks()))
    parser.add_argument("--profile", help="AWS profile; AWS_PROFILE or the environment's credentials unless given")
    parser.add_argument("--json", action="store_true", help="one JSON document at the end instead of lines")
    return parser


def _clients(profile: str | None) -> ClientOf:
    session = boto3.Session(profile_name=profile)

    def client(service: str, region: str) -> Any:
        return session.client(service, region_name=region, config=_PATIENCE)

    return client


def _environment(profile: str | None) -> dict[str, str]:
    return {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1", **({"AWS_PROFILE": profile} if profile else {})}
