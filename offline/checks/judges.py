"""The judges of a run, and one call that asks them all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from offline.checks.aws_rules.judge import AwsRules
from offline.checks.aws_schema.api import ApiJudge
from offline.checks.aws_schema.cloudformation import CloudFormationJudge
from offline.checks.finding import Finding
from offline.checks.iam.judge import IamJudge
from offline.checks.judge import Closable, Judge
from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.pod_security import PodSecurityJudge
from offline.checks.kubernetes.program import find_program
from offline.checks.kubernetes.references import ReferencesJudge
from offline.checks.kubernetes.takeover import TakeoverJudge
from offline.checks.kubernetes.validation import ApiServerJudge
from offline.checks.order.judge import OrderJudge
from offline.checks.yunikorn.judge import QueueFileJudge
from offline.checks.yunikorn.program import find_queue_reader
from offline.progress import say
from offline.providers.resource import Resource


def all_judges() -> tuple[Judge, ...]:
    """Every judge, ready to be asked.

    Raises:
        MissingToolError: when a program that judges objects can't be had.
    """
    # Found here and not with the first question: in the middle of a run the engine would show a tool that is missing
    # as a provider that is broken.
    program = find_program(say)
    find_queue_reader(say)
    server = ApiServer(lambda: program)
    return (
        CloudFormationJudge(),
        ApiJudge(),
        AwsRules(),
        IamJudge(),
        ApiServerJudge(server),
        PodSecurityJudge(server),
        TakeoverJudge(server),
        ReferencesJudge(),
        OrderJudge(),
        QueueFileJudge(),
    )


@contextmanager
def closing(judges: Sequence[Judge]) -> Iterator[None]:
    """Close what judges hold open when the run ends."""
    try:
        yield
    finally:
        for judge in judges:
            if isinstance(judge, Closable):
                judge.close()


def findings_in(resource: Resource, judges: Iterable[Judge]) -> list[Finding]:
    """What the judges find in one resource alone."""
    return [finding for judge in judges for finding in judge.inspect(resource)]


def findings_among(resources: Sequence[Resource], judges: Iterable[Judge]) -> list[Finding]:
    """What the judges find among all resources of a stack."""
    return [finding for judge in judges for finding in judge.inspect_together(resources)]
