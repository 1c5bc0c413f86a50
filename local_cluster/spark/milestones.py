"""What has to happen one after the other, each told as it does, or as missing when it does not in time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

# What is asked may not listen yet, or start again.
_NOT_YET = (OSError, ApiException, HTTPError, BotoCoreError, ClientError)
_LOOK_SECONDS = 1.0
_SIGN_OF_LIFE_SECONDS = 15.0


class HopelessError(Exception):
    """It can't happen any more; the message says why."""


@dataclass(frozen=True)
class Milestone:
    """One thing that has to happen.

    Args:
        name: what it is, as a sentence.
        look: returns what there is to tell of it once it has happened, else nothing.
        seconds: how long it may take.
        advice: where to look when it does not happen.
    """

    name: str
    look: Callable[[], str]
    seconds: float
    advice: str


@dataclass(frozen=True)
class Outcome:
    """How one of them went."""

    name: str
    happened: bool
    seconds: float
    detail: str


def follow(milestones: Sequence[Milestone], say: Callable[[str], None]) -> list[Outcome]:
    """Wait for each in turn; after a hopeless one the others are looked for once.

    Args:
        milestones: in the order in which they happen.
        say: where each is told.
    """
    outcomes: list[Outcome] = []
    is_hopeless = False
    for number, milestone in enumerate(milestones, start=1):
        outcome = _wait(milestone, 0.0 if is_hopeless else milestone.seconds, say)
        is_hopeless = is_hopeless or outcome.seconds < 0
        outcomes.append(outcome)
        sign = "ok" if outcome.happened else "MISSING"
        say(f"[{number}/{len(milestones)}] {sign}: {outcome.name}{f': {outcome.detail}' if outcome.detail else ''}")
    return outcomes


def _wait(milestone: Milestone, patience_seconds: float, say: Callable[[str], None]) -> Outcome:
    began = told = time.monotonic()
    while True:
        problem = ""
        try:
            if detail := milestone.look():
                return Outcome(milestone.name, True, time.monotonic() - began, detail)
        except HopelessError as error:
            return Outcome(milestone.name, False, -1.0, str(error))
        except _NOT_YET as error:
            problem = f" ({error})"
        now = time.monotonic()
        if now - began >= patience_seconds:
            reason = f"not after {patience_seconds:.0f} s{problem}. {milestone.advice}"
            return Outcome(milestone.name, False, now - began, reason)
        if now - told >= _SIGN_OF_LIFE_SECONDS:
            told = now
            say(f"      waiting for {milestone.name}: {now - began:.0f} s{problem}")
        time.sleep(_LOOK_SECONDS)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The end of it, in lines."""
    missing = [each.name for each in outcomes if not each.happened]
    if missing:
        return f"{len(missing)} of {len(outcomes)} are missing: {'; '.join(missing)}"
    return f"The word count went through: {len(outcomes)} of {len(outcomes)}."
