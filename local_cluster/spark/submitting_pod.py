"""The word count submitted by spark-submit, which runs in a pod of the team's: docs/spark.md, "Submitting with
spark-submit".
"""

from typing import Any

from components.scheduler.workloads import SCHEDULER_NAME
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from components.teams.team import DEFAULTS_CONFIG_MAP
from components.workloads.scheduling import SYSTEM, WORKLOAD_KEY
from moka_smoke.application_pods import ApplicationPods
from moka_smoke.milestones import HopelessError
from moka_smoke.objects import Objects
from moka_smoke.submission import wait_until_gone
from moka_smoke.word_count import JOB_KEY, LINGER_SECONDS, NAME, SETTINGS, WordCount

SUBMITTER = f"{NAME}-submit"
_END_SECONDS = 60.0
# In client mode the driver runs here: Spark's default heap of 1 GiB, and Python beside it.
_RESOURCES = {"requests": {"memory": "1Gi"}, "limits": {"memory": "2Gi"}}
Object = dict[str, Any]

# Nodes of the platform carry no taint, and no image of applications.
_ELSEWHERE = {"key": WORKLOAD_KEY, "operator": "NotIn", "values": [SYSTEM]}
_AWAY_FROM_THE_PLATFORM = {
    "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [_ELSEWHERE]}]}
    }
}


class SubmittingPod:
    """A pod that submits, as one way of submission.

    Args:
        objects: of the cluster.
        application: what is submitted.
        pods: its pods.
    """

    what = "spark-submit made a driver"

    def __init__(self, objects: Objects, application: WordCount, pods: ApplicationPods) -> None:
        self._objects, self._application, self._pods = objects, application, pods
        self.advice = f"kubectl describe pods --namespace {application.namespace} tells what {SUBMITTER} waits for"

    def submit(self) -> None:
        """Start the pod."""
        self._objects.apply(pod_of(self._application, SUBMITTER))

    def require(self) -> None:
        """Raise `HopelessError` when spark-submit failed."""
        if self._own().get("status", {}).get("phase") == "Failed":
            raise HopelessError(f"spark-submit failed:\n{self._pods.last_lines(SUBMITTER)}")

    def remove(self) -> None:
        """Delete the pod and those of its application, and wait until all are gone.

        Raises:
            HopelessError: when they stay.
        """
        if own := self._own():
            self._objects.remove(own)
        self._objects.remove(*self._pods.all())
        wait_until_gone(self._left, _END_SECONDS)

    def _left(self) -> list[Object]:
        own = self._own()
        return [*([own] if own else []), *self._pods.all()]

    def _own(self) -> Object:
        return self._objects.named("Pod", SUBMITTER, self._application.namespace)


def pod_of(
    application: WordCount,
    name: str,
    master: str = "k8s://https://kubernetes.default.svc",
    deploy_mode: str = "cluster",
    linger_seconds: int = LINGER_SECONDS,
) -> Object:
    """A pod that submits.

    Args:
        application: what is submitted.
        name: of the pod.
        master: where driver and executors run.
        deploy_mode: cluster, or client for a driver in this pod.
        linger_seconds: how long the driver stays when it has counted.
    """
    submit = ["/opt/spark/bin/spark-submit", "--master", master, "--deploy-mode", deploy_mode]
    program = [application.place(JOB_KEY), *application.arguments(linger_seconds)]
    container = {
        "name": "spark-submit",
        "image": application.image,
        "resources": _RESOURCES,
        "command": [*submit, "--name", application.name, *_options(application), *program],
        "volumeMounts": [{"name": "spark-defaults", "mountPath": "/opt/spark/conf"}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": application.namespace},
        "spec": {
            "schedulerName": SCHEDULER_NAME,
            "serviceAccountName": DEFAULT_SERVICE_ACCOUNT,
            "restartPolicy": "Never",
            "containers": [container],
            "tolerations": [{"key": WORKLOAD_KEY, "operator": "Exists", "effect": "NoSchedule"}],
            "affinity": _AWAY_FROM_THE_PLATFORM,
            "volumes": [{"name": "spark-defaults", "configMap": {"name": DEFAULTS_CONFIG_MAP}}],
        },
    }


def _options(application: WordCount) -> list[str]:
    settings = {
        "spark.kubernetes.container.image": application.image,
        "spark.executor.instances": str(application.executors),
        **SETTINGS,
        **application.settings,
    }
    if application.core_request:
        settings |= {
            f"spark.kubernetes.{role}.request.cores": application.core_request for role in ("driver", "executor")
        }
    return [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
