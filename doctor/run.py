"""Makes checks one after the other; none ends the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError

from doctor.actions import action_of
from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.finding import Finding, Status, warn, worst
from doctor.surroundings import Surroundings


@dataclass(frozen=True)
class Outcome:
    """How a check went.

    Args:
        check: the check.
        findings: what it found, what is wrong first.
    """

    check: Check
    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        """That of its worst finding."""
        return worst(list(self.findings))


def run(checks: Iterable[Check], here: Surroundings) -> Iterator[Outcome]:
    """Make each check, and give how it went before the next begins.

    Args:
        checks: in an order in which none needs a later one.
        here: what they look at.
    """
    # What nobody knows any more, and the check that failed.
    lost: dict[str, str] = {}
    for check in checks:
        missing = [name for name in check.needs if name in lost]
        if missing:
            findings = [Finding("skip", f"not looked at, because {lost[missing[0]]} failed")]
            lost[check.name] = lost[missing[0]]
        else:
            findings = sorted(_findings(check, here), key=lambda each: each.status == "ok")
        outcome = Outcome(check, tuple(findings))
        if outcome.status == "fail":
            lost[check.name] = check.name
        yield outcome


def _findings(check: Check, here: Surroundings) -> Iterator[Finding]:
    here.aws.allowed = check.calls
    try:
        yield from check.look(here)
    except DeniedError as error:
        action = action_of(error.call)
        yield warn(
            f"could not be looked at: these credentials may not {action}",
            f"allow {action}, or look with others; docs/doctor.md has the policy",
        )
    except CallError as error:
        yield warn(f"could not be looked at: AWS answered {error}", "look again")
    except BotoCoreError as error:
        yield warn(f"could not be looked at ({error})", "check the network and the session, and look again")
