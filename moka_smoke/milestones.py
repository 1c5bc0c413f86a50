"""What has to happen one after the other, each told as it does, or as missing when it does not in time."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

# What is asked may not listen yet, or start again.
_NOT_YET = (OSError, ApiException, HTTPError, BotoCoreError, ClientError)
_UNAUTHORIZED, _FORBIDDEN = 401, 403
# Whoever is refused once is refused again.
_REFUSED_BY_AWS = frozenset({"AccessDenied", "403", "ExpiredToken", "InvalidAccessKeyId", "NoSuchBucket"})
_LOOK_SECONDS = 1.0
_SIGN_OF_LIFE_SECONDS = 15.0


class HopelessError(Exception):
    """It can't happen any more, and nothing that follows from it can; the message says why."""


class WrongError(Exception):
    """It happened in another way than it should; the message says how."""


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
    """How one of them went.

    Args:
        name: the milestone's.
        happened: whether it did.
        seconds: how long it was waited for.
        detail: what there is to tell of it.
        is_hopeless: whether nothing that follows from it can happen.
    """

    name: str
    happened: bool
    seconds: float
    detail: str
    is_hopeless: bool = False


def follow(
    milestones: Sequence[Milestone], say: Callable[[str], None], patience_seconds: float = float("inf")
) -> list[Outcome]:
    """Wait for each in turn; after a hopeless one the others are looked for once.

    Args:
        milestones: in the order in which they happen.
        say: where each is told.
        patience_seconds: how long all of them may take; what is left is looked for once.
    """
    outcomes: list[Outcome] = []
    end = time.monotonic() + patience_seconds
    for number, milestone in enumerate(milestones, start=1):
        is_hopeless = any(each.is_hopeless for each in outcomes)
        seconds = 0.0 if is_hopeless else max(0.0, min(milestone.seconds, end - time.monotonic()))
        outcome = _wait(milestone, seconds, say)
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
            return Outcome(milestone.name, False, time.monotonic() - began, str(error), is_hopeless=True)
        except WrongError as error:
            return Outcome(milestone.name, False, time.monotonic() - began, f"{error}. {milestone.advice}")
        except _NOT_YET as error:
            if refusal := refused(error):
                return Outcome(milestone.name, False, time.monotonic() - began, f"{refusal}. {milestone.advice}")
            problem = f" ({error})"
        now = time.monotonic()
        if now - began >= patience_seconds:
            reason = f"not after {patience_seconds:.0f} s{problem}. {milestone.advice}"
            return Outcome(milestone.name, False, now - began, reason)
        if now - told >= _SIGN_OF_LIFE_SECONDS:
            told = now
            say(f"      waiting for {milestone.name}: {now - began:.0f} s{problem}")
        time.sleep(_LOOK_SECONDS)


def refused(error: Exception) -> str:
    """What Kubernetes or AWS said when it refused; empty for an error that may pass.

    Args:
        error: what a client raised.
    """
    if isinstance(error, ApiException) and error.status in (_UNAUTHORIZED, _FORBIDDEN):
        return f"Kubernetes refused it ({said_by_kubernetes(error)})"
    if isinstance(error, ClientError) and (code := error.response.get("Error", {}).get("Code")) in _REFUSED_BY_AWS:
        return f"AWS refused {error.operation_name} ({code}: {error.response['Error'].get('Message')})"
    return ""


def said_by_kubernetes(error: ApiException) -> str:
    """The message in an answer of the API server."""
    try:
        message = json.loads(error.body or "")["message"]
    except (ValueError, KeyError, TypeError):
        return f"{error.status} {error.reason}"
    return str(message)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The end of it, in lines."""
    missing = [each.name for each in outcomes if not each.happened]
    if missing:
        return f"{len(missing)} of {len(outcomes)} are missing: {'; '.join(missing)}"
    return f"The word count went through: {len(outcomes)} of {len(outcomes)}."
