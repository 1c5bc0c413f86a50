"""One run: laid out, submitted, followed, and taken away again whatever happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from components.buckets.log_bucket import bucket_name
from components.logs.settings import LogsSettings
from components.spark.settings import HistoryServerSettings
from moka_smoke.access import Access, require_stack
from moka_smoke.application_pods import ApplicationPods, Pod
from moka_smoke.arguments import Request
from moka_smoke.cleaning import clean
from moka_smoke.driver_log import ShippedLog
from moka_smoke.milestones import HopelessError, Milestone, Outcome, follow, summary
from moka_smoke.node import where
from moka_smoke.pages import ForwardedPages, Pages
from moka_smoke.steps import Steps
from moka_smoke.submission import OperatorSubmission, Submission
from moka_smoke.team import queue_of_team
from moka_smoke.word_count import WordCount

# What the History Server takes to read a small log, beyond the time between two of its looks.
_READ_SECONDS = 120

Settings = Mapping[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Surroundings:
    """What a run has to do with.

    Args:
        submitter: the cluster, with the rights of whoever submits.
        looker: the same cluster, with the rights of whoever looks at nodes and programs of the platform.
        s3: an Amazon S3 client of boto3 that reads and writes the team's bucket.
        logs: one that reads the log buckets.
    """

    submitter: Access
    looker: Access
    s3: Any
    logs: Any

    @property
    def pages(self) -> Pages:
        """The way to pages of the platform."""
        return ForwardedPages(self.looker.objects, self.looker.client)

    def labels_of(self, node: str) -> Mapping[str, str]:
        """A node's labels; none where it is gone already."""
        return self.looker.objects.named("Node", node).get("metadata", {}).get("labels") or {}


def run(
    request: Request, application: WordCount, settings: Settings, surroundings: Surroundings, say: Say
) -> tuple[list[Outcome], bool]:
    """Run it.

    Args:
        request: what is asked for.
        application: what is submitted.
        settings: what the stack's file says.
        surroundings: what it has to do with.
        say: where each step is told.

    Returns:
        How each step went, and whether nothing is left behind, except on request.

    Raises:
        AnotherClusterError: when the cluster is not the stack's.
        PlaceError: when the stack's file says the team's queue wrongly.
        kubernetes.client.exceptions.ApiException: when Kubernetes refuses the submission.
        botocore.exceptions.ClientError: when Amazon S3 refuses its input.
    """
    objects = surroundings.submitter.objects
    require_stack(objects, application)
    lines = partial(surroundings.submitter.last_lines, application.namespace)
    pods = ApplicationPods(objects, application.namespace, application.name, lines)
    submission = OperatorSubmission(objects, application, pods, say)
    milestones = steps(application, settings, surroundings, submission, pods)
    say(f"{application.name} for team {application.team}, from image {application.image}, in {_place(application)}")
    is_clean = False
    try:
        application.lay_out(surroundings.s3)
        outcomes = _followed(submission, milestones, 60.0 * request.timeout_minutes, say)
    finally:
        if request.keep:
            say(f"kept: SparkApplication {application.name} in {application.namespace}, {_place(application)}")
            is_clean = True
        else:
            is_clean = clean(submission, application, surroundings.s3, say)
    print(summary(outcomes), flush=True)
    return outcomes, is_clean


def steps(
    application: WordCount,
    settings: Settings,
    surroundings: Surroundings,
    submission: Submission,
    pods: ApplicationPods,
) -> list[Milestone]:
    """What has to happen, in order."""

    def on_nodes(found: Sequence[Pod]) -> str:
        return where(found, surroundings.labels_of)

    made = Steps(
        application,
        submission,
        pods,
        s3=surroundings.s3,
        logs=surroundings.logs,
        pages=surroundings.pages,
        where=on_nodes,
    )
    log = ShippedLog(
        surroundings.logs,
        bucket_name("spark-logs", application.account),
        application,
        pods,
        60 * _setting(settings, "logs", "spark_upload_interval_minutes", LogsSettings().spark_upload_interval_minutes),
    )
    server = (settings.get("spark") or {}).get("history_server") or {}
    interval = server.get("update_interval_seconds", HistoryServerSettings().update_interval_seconds)
    return [
        made.submitted(),
        made.driver_runs(),
        made.executors_run(),
        made.queue_used(queue_of_team(application.team, settings)),
        log.shipped(),
        made.counted(),
        made.ended(),
        made.event_log_whole(),
        made.history_lists_it(interval + _READ_SECONDS),
        made.metrics_kept(),
        log.refused_nothing(),
    ]


def _followed(
    submission: Submission, milestones: Sequence[Milestone], patience_seconds: float, say: Say
) -> list[Outcome]:
    try:
        submission.submit()
    except HopelessError as error:
        say(f"[1/{len(milestones)}] MISSING: {submission.what}: {error}")
        return [Outcome(each.name, False, 0.0, "", is_hopeless=True) for each in milestones]
    return follow(milestones, say, patience_seconds)


def _place(application: WordCount) -> str:
    return f"s3://{application.bucket}/{application.prefix}"


def _setting(settings: Settings, area: str, name: str, default: Any) -> Any:
    return (settings.get(area) or {}).get(name, default)
