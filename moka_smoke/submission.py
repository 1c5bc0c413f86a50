"""How the word count is submitted: by the Spark Operator here; another way has the same four members."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from moka_smoke.application_pods import ApplicationPods
from moka_smoke.milestones import HopelessError, said_by_kubernetes
from moka_smoke.objects import Objects
from moka_smoke.spark_application import API_VERSION, KIND, manifest
from moka_smoke.word_count import WordCount

# A driver that is told to end has half a minute, and its executors a minute.
END_SECONDS = 120.0
_FAILED = "SUBMISSION_FAILED"
# A quota counts a kind some time after the kind is there, and until then its namespace takes none. The controller looks
# for new kinds every 30 s, and forgets to count quotas again that were there before; it does that every five minutes
# (kubernetes/kubernetes, pkg/controller/resourcequota, Sync and enqueueAll).
_NOT_COUNTED_YET = "status unknown for quota"
_QUOTA_SECONDS = 330.0
_QUOTA_SAID_SECONDS = 30.0


class Submission(Protocol):
    """A way to submit an application."""

    what: str
    """What has happened once there is a driver."""

    advice: str
    """Where to look when there is none."""

    def submit(self) -> None:
        """Hand it over."""
        ...

    def require(self) -> None:
        """Raise `HopelessError` when whoever it was handed to gave up."""
        ...

    def remove(self) -> None:
        """Delete what was handed over and wait until its pods are gone.

        Raises:
            HopelessError: when they stay.
        """
        ...


class OperatorSubmission:
    """A SparkApplication.

    Args:
        objects: of the cluster, with the rights of whoever submits.
        application: what is submitted.
        pods: its pods.
        say: where it is told that something takes long.
    """

    what = "the Spark Operator submitted it"

    def __init__(
        self, objects: Objects, application: WordCount, pods: ApplicationPods, say: Callable[[str], None]
    ) -> None:
        self._objects, self._application, self._pods, self._say = objects, application, pods, say
        self.advice = (
            f"kubectl --namespace {application.namespace} describe sparkapplication {application.name} tells what it "
            "did; kubectl --namespace spark-operator logs --selector app.kubernetes.io/component=controller tells why"
        )

    def submit(self) -> None:
        """Make the object.

        Raises:
            HopelessError: when the cluster knows no such kind.
            kubernetes.client.exceptions.ApiException: when Kubernetes refuses.
        """
        began = time.monotonic()
        told = began
        while True:
            try:
                return self._objects.create(manifest(self._application))
            except ResourceNotFoundError as error:
                raise HopelessError(f"this cluster knows no {KIND}: the Spark Operator is not installed") from error
            except ApiException as error:
                if _NOT_COUNTED_YET not in said_by_kubernetes(error) or time.monotonic() > began + _QUOTA_SECONDS:
                    raise
            if time.monotonic() >= told + _QUOTA_SAID_SECONDS:
                told = time.monotonic()
                self._say(
                    f"waiting for {told - began:.0f} s: the quota of {self._application.namespace} does not count "
                    f"{KIND}s yet, which takes Kubernetes up to {_QUOTA_SECONDS:.0f} s after a first `pulumi up`"
                )
            time.sleep(1)

    def require(self) -> None:
        """Raise `HopelessError` when the operator could not submit it, or somebody deleted it."""
        found = self._found()
        if not found:
            raise HopelessError(f"{KIND} {self._application.name} is gone: somebody deleted it")
        state = (found.get("status") or {}).get("applicationState") or {}
        if state.get("state") == _FAILED:
            raise HopelessError(f"the operator could not submit it: {state.get('errorMessage', 'it does not say why')}")

    def remove(self) -> None:
        """Delete the object, and wait until its pods are gone, which Kubernetes deletes with it.

        Raises:
            HopelessError: when they stay.
            kubernetes.client.exceptions.ApiException: when Kubernetes refuses.
        """
        if found := self._found():
            self._objects.remove(found)
        wait_until_gone(self._pods.all)

    def _found(self) -> dict[str, Any]:
        application = self._application
        try:
            return self._objects.named(KIND, application.name, application.namespace, API_VERSION)
        except ResourceNotFoundError:
            return {}


def wait_until_gone(left_of: Callable[[], Sequence[dict[str, Any]]], seconds: float = END_SECONDS) -> None:
    """Wait until pods are no more.

    Args:
        left_of: those that are still there.
        seconds: how long they may take.

    Raises:
        HopelessError: when they stay.
    """
    deadline = time.monotonic() + seconds
    while left := left_of():
        if time.monotonic() > deadline:
            names = ", ".join(each["metadata"]["name"] for each in left)
            raise HopelessError(f"pods do not end in {seconds:.0f} s: {names}")
        time.sleep(1)
