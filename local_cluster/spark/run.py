"""One run of the word count: the steps of `moka_smoke`, and what only a cluster on this machine can see."""

import os
import re
import subprocess
from collections.abc import Sequence
from functools import partial
from typing import Any

from components.buckets.log_bucket import bucket_name
from components.images.table import FLUENT_BIT
from components.logs.reader_policies import USAGE_PREFIX
from components.scheduler.workloads import NAMESPACE as YUNIKORN
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from local_cluster.directory import ClusterDirectory
from local_cluster.images.plan import name_in_table
from local_cluster.inside import aws_environment
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.nodes.real.roster import read_roster
from local_cluster.python_process import python_module
from local_cluster.settings import ports_of
from local_cluster.spark import traces
from local_cluster.spark.application import LocalApplication
from local_cluster.spark.submitting_pod import SubmittingPod
from local_cluster.spark.way import Way
from moka_smoke.access import access
from moka_smoke.application_pods import ApplicationPods, Pod
from moka_smoke.milestones import HopelessError, Milestone, WrongError
from moka_smoke.steps import Steps
from moka_smoke.submission import OperatorSubmission, Submission
from offline.progress import say

_HISTORY_SECONDS = 120
_LOG_AGENT = "logs/aws-requests.jsonl of the cluster tells what the log agent was refused"
# Source: yunikorn-core, pkg/scheduler/objects/application_summary.go.
_SUMMARY = (
    r"YK_APP_SUMMARY: {{ApplicationID: {application}, .* State: (?P<state>[^,]+), .*"
    r"ResourceUsage: TrackedResource{{(?P<used>[^}}]+)}}"
)


class Run:
    """One run of the word count.

    Args:
        directory: of the cluster.
        local: what is submitted, and for whom.
        way: of submission.
    """

    def __init__(self, directory: ClusterDirectory, local: LocalApplication, way: Way) -> None:
        application = local.word_count
        self._directory, self._application, self._queue = directory, application, local.queue
        self._api = KubernetesApi(directory, ports_of(directory))
        lines = partial(traces.log_lines, directory, application.namespace)
        self._pods = ApplicationPods(self._api, application.namespace, application.name, lines)
        own = access(str(directory.kubeconfig), local.person, directory.root)
        self._ways: dict[Way, Submission] = {
            Way.SPARK_SUBMIT: SubmittingPod(self._api, application, self._pods),
            Way.OPERATOR: OperatorSubmission(own.objects, application, self._pods, say),
        }
        self._submission = self._ways[way]
        self._s3 = traces.s3_of(directory, application.account.region)
        self._seen_requests = len(self._requests())

    def submit(self) -> None:
        """Take away what an earlier run left, whichever way it went; lay out input and program, and submit.

        Raises:
            HopelessError: when pods of the earlier run stay.
        """
        for way in self._ways.values():
            way.remove()
        self._application.lay_out(self._s3)
        self._submission.submit()

    @property
    def milestones(self) -> list[Milestone]:
        """What has to happen."""
        steps = Steps(
            self._application,
            self._submission,
            self._pods,
            s3=self._s3,
            logs=self._s3,
            pages=traces.InClusterPages(),
            where=self._on_real_nodes,
        )
        shipped = [
            Milestone("its log lines are in the bucket, and moka_logs finds them", self._shipped, 180, _LOG_AGENT),
            Milestone("its usage is in the bucket, for Athena", self._usage_shipped, 180, _LOG_AGENT),
        ]
        return [
            steps.submitted(),
            steps.driver_runs("the driver runs on a real node"),
            steps.executors_run("executors run on real nodes"),
            Milestone(
                "log lines are in /var/log/pods as JSON",
                self._lines,
                60,
                "log4j2.properties of spark-defaults says how",
            ),
            steps.queue_used(self._queue),
            steps.counted(),
            steps.metrics_kept(),
            steps.ended(),
            steps.event_log_whole(),
            steps.history_lists_it(_HISTORY_SECONDS),
            Milestone(
                "YuniKorn says what it used",
                self._usage,
                120,
                "kubectl --namespace yunikorn logs deployment/yunikorn-scheduler says what it waits for",
            ),
            Milestone(
                "its role was refused nothing", self._allowed, 5, "python -m local_cluster.aws.requests DIRECTORY"
            ),
            *(shipped if self._has_log_agent else []),
        ]

    @property
    def _has_log_agent(self) -> bool:
        images = (image for role in read_roster(self._directory) for image in role.images)
        return any(name_in_table(each) == FLUENT_BIT.repository for each in images)

    def _on_real_nodes(self, pods: Sequence[Pod]) -> str:
        """Which pod is on which node; containers on a simulated one do nothing."""
        real = {each["metadata"]["name"] for each in self._api.listed("Node") if is_real(each)}
        nodes = [each["spec"].get("nodeName", "") for each in pods]
        if simulated := set(nodes) - real:
            raise HopelessError(f"{', '.join(sorted(simulated))} is simulated")
        return ", ".join(f"{each['metadata']['name']} on {node}" for each, node in zip(pods, nodes, strict=True))

    def _lines(self) -> str:
        application = self._pods.application
        told = []
        for pod in (*self._pods.of("driver"), *self._pods.of("executor")):
            name = pod["metadata"]["name"]
            lines = traces.as_json(traces.log_lines(self._directory, self._application.namespace, name))
            count = sum(1 for line in lines if line.get("application") == application)
            if not count:
                return ""
            told.append(f"{count} of {name}")
        return ", ".join(told)

    def _requests(self) -> list[dict[str, Any]]:
        return traces.requests_of(self._directory, f"{self._application.namespace}/{DEFAULT_SERVICE_ACCOUNT}")

    def _allowed(self) -> str:
        requests = self._requests()[self._seen_requests :]
        refused = sorted(
            {f"{each['operation']}: {each['message']}" for each in requests if each["decision"] != "allowed"}
        )
        if refused:
            raise WrongError("; ".join(refused))
        return f"{len(requests)} requests" if requests else ""

    def _usage(self) -> str:
        summary = re.compile(_SUMMARY.format(application=self._pods.application))
        lines = traces.log_lines(self._directory, YUNIKORN, "yunikorn-scheduler-*")
        found = next((match for line in lines if (match := summary.search(line))), None)
        return f"{found['state']}: {found['used']}" if found else ""

    def _usage_shipped(self) -> str:
        account = self._application.account
        bucket, prefix = bucket_name("system-logs", account), f"{USAGE_PREFIX}/{account.cluster_name}/"
        rows = traces.rows_of(self._s3, bucket, prefix)
        found = [each for each in rows if each.get("application_id") == self._pods.application]
        if len(found) > 1:
            raise WrongError(f"it is there {len(found)} times, and would be counted as often")
        return f"{found[0]['resource_usage']} of {found[0]['user']}" if found else ""

    def _shipped(self) -> str:
        command = python_module("moka_logs", self._pods.application, "--stack", self._application.account.environment)
        done = subprocess.run(
            command,
            cwd=traces.project_root(),
            env={**os.environ, **aws_environment(self._directory)},
            capture_output=True,
            text=True,
            check=False,
        )
        # Role and pod go before each line.
        pods = {line.partition(" ")[0] for line in done.stdout.splitlines()}
        has_executor = any(pod.startswith("executor/") for pod in pods)
        return (
            f"{len(done.stdout.splitlines())} lines of {len(pods)} pods"
            if done.returncode == 0 and has_executor
            else ""
        )
