"""The judges of a run, and one call that asks them all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import cast

from offline.charts import find_charts
from offline.checks.aws_rules.judge import AwsRules
from offline.checks.aws_schema.api import ApiJudge
from offline.checks.aws_schema.cloudformation import CloudFormationJudge
from offline.checks.charts.judge import ReleasesJudge
from offline.checks.finding import Finding
from offline.checks.iam.judge import IamJudge
from offline.checks.judge import Closable, Judge, Opener
from offline.checks.kept import KeptAnswers
from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.pod_security import PodSecurityJudge
from offline.checks.kubernetes.program import find_program
from offline.checks.kubernetes.references import ReferencesJudge
from offline.checks.kubernetes.takeover import TakeoverJudge
from offline.checks.kubernetes.validation import ApiServerJudge
from offline.checks.order.judge import OrderJudge
from offline.checks.yunikorn.judge import QueueFileJudge
from offline.checks.yunikorn.program import find_queue_reader
from offline.progress import Say, say
from offline.providers.resource import Resource
from offline.providers.values import secret_texts


def all_judges() -> tuple[Judge, ...]:
    """Every judge, ready to be asked.

    Raises:
        MissingToolError: when a program that judges objects can't be had, or a chart.
    """
    # Found here and not with the first question: in the middle of a run the engine would show a tool that is missing
    # as a provider that is broken.
    program, charts = find_program(say), find_charts(say)
    find_queue_reader(say)
    server = ApiServer(lambda: program, KeptAnswers("objects", lambda: program.parent.parent.name))
    return (
        CloudFormationJudge(),
        ApiJudge(),
        AwsRules(),
        IamJudge(),
        ApiServerJudge(server),
        PodSecurityJudge(server),
        TakeoverJudge(server),
        ReferencesJudge(),
        ReleasesJudge(server, lambda: charts),
        OrderJudge(),
        QueueFileJudge(),
    )


@contextmanager
def releases_judge(report: Say) -> Iterator[ReleasesJudge]:
    """The judge that knows what releases bring, with a process of its own while the context lasts."""
    server = ApiServer(lambda: find_program(report))
    try:
        yield ReleasesJudge(server, lambda: find_charts(report))
    finally:
        server.close()


@contextmanager
def closing(judges: Sequence[Judge]) -> Iterator[None]:
    """Close what judges hold open when the run ends."""
    try:
        yield
    finally:
        for judge in judges:
            if isinstance(judge, Closable):
                judge.close()


def findings_in(resource: Resource, judges: Sequence[Judge]) -> list[Finding]:
    """What the judges find in one resource alone, and in each that comes along with it."""
    found = [
        finding
        for each in with_what_they_bring([resource], judges)
        for judge in judges
        for finding in judge.inspect(each)
    ]
    return _without_secrets(found, [resource])


def findings_among(resources: Sequence[Resource], judges: Sequence[Judge]) -> list[Finding]:
    """What the judges find among all resources of a stack, and those that come along with them."""
    everything = with_what_they_bring(resources, judges)
    found = [finding for judge in judges for finding in judge.inspect_together(everything)]
    return _without_secrets(found, resources)


def with_what_they_bring(resources: Iterable[Resource], judges: Iterable[Judge]) -> list[Resource]:
    """Resources, each followed by what comes along with it.

    Args:
        resources: of the program.
        judges: those who know what comes along are among them.
    """
    openers = [cast(Opener, judge) for judge in judges if _opens(type(judge))]
    return [
        each
        for resource in resources
        for each in (resource, *(brought for opener in openers for brought in opener.brought_by(resource)))
    ]


@cache
def _opens(kind: type[Judge]) -> bool:
    # Asking a protocol anew for each resource takes longer than some judges do.
    return issubclass(kind, Opener)


def _without_secrets(found: Sequence[Finding], resources: Sequence[Resource]) -> list[Finding]:
    # A finding may say what stands in another resource, or in the release that brings its own.
    secrets = [text for each in resources for text in secret_texts(each.inputs)] if found else []
    return [each.without(secrets) for each in found]
