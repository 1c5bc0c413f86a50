"""Pages that programs of the platform answer with: which are asked, and by which way in.

The API server's proxy of services is no way: the control plane reaches nodes on a few ports alone, the kubelet's among
them (components/cluster/security_groups.py), and by the kubelet go forwarded ports, as with `kubectl port-forward`.
"""

import http.client
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from kubernetes.client import ApiClient, CoreV1Api
from kubernetes.stream import portforward

from components.monitoring.workloads import METRICS_STORE, PROMETHEUS_PORT
from components.monitoring.workloads import NAMESPACE as MONITORING_NAMESPACE
from components.scheduler.workloads import NAMESPACE as SCHEDULER_NAMESPACE
from components.scheduler.workloads import SCHEDULER, SCHEDULER_PORT
from components.spark.history_manifests import NAME, NAMESPACE, PORT
from moka_smoke.objects import Objects

_SECONDS = 30.0
_FIRST_ERROR = 400
_APPLICATIONS = "/ws/v1/partition/default/application"

Answer = Any


@dataclass(frozen=True)
class Server:
    """A program that answers by HTTP.

    Args:
        namespace: where it runs.
        service: name of its service.
        port: of its pods, which is the service's too.
    """

    namespace: str
    service: str
    port: int


HISTORY = Server(NAMESPACE, NAME, PORT)
PROMETHEUS = Server(MONITORING_NAMESPACE, METRICS_STORE.name, PROMETHEUS_PORT)
YUNIKORN = Server(SCHEDULER_NAMESPACE, SCHEDULER, SCHEDULER_PORT)


class PageError(OSError):
    """A page that is not there, or nobody who answers."""


class Pages(Protocol):
    """A way to pages."""

    def answer(self, server: Server, path: str) -> Answer:
        """What a server answers, from JSON.

        Raises:
            PageError: when it answers with an error, or nobody does.
        """
        ...


class ForwardedPages:
    """Pages by a forwarded port of a server's pod.

    Args:
        objects: of the cluster.
        client: logs in, as who may read services and pods of the platform and forward their ports.
    """

    def __init__(self, objects: Objects, client: ApiClient) -> None:
        self._objects, self._client = objects, client

    def answer(self, server: Server, path: str) -> Answer:
        """What a server answers, from JSON.

        Raises:
            PageError: when it answers with an error, or no pod of it is ready.
            kubernetes.client.exceptions.ApiException: when Kubernetes refuses.
        """
        pod = self._pod(server)
        forward = portforward(
            CoreV1Api(self._client).connect_get_namespaced_pod_portforward,
            pod,
            server.namespace,
            ports=str(server.port),
        )
        try:
            return get_json(forward.socket(server.port), server, path)
        finally:
            forward.close()

    def _pod(self, server: Server) -> str:
        service = self._objects.named("Service", server.service, server.namespace)
        selector = ",".join(f"{key}={value}" for key, value in service.get("spec", {}).get("selector", {}).items())
        pods = self._objects.listed("Pod", namespace=server.namespace, label_selector=selector) if selector else []
        ready = [each["metadata"]["name"] for each in pods if _is_ready(each)]
        if not ready:
            raise PageError(f"no pod of service {server.service} in {server.namespace} is ready")
        return ready[0]


def get_json(connected: Any, server: Server, path: str) -> Answer:
    """What is answered on a socket.

    Args:
        connected: the socket.
        server: who answers there.
        path: what is asked for.

    Raises:
        PageError: when the answer is an error, or no JSON.
    """
    connected.settimeout(_SECONDS)
    connection = http.client.HTTPConnection(server.service, server.port)
    connection.sock = connected
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        content = answer.read()
    except http.client.HTTPException as error:
        raise PageError(f"{server.service} does not answer: {error!r}") from error
    if answer.status >= _FIRST_ERROR:
        raise PageError(f"{server.service} answers {answer.status} for {path}")
    try:
        return json.loads(content)
    except ValueError as error:
        raise PageError(f"{server.service} answers no JSON for {path}") from error


def history(pages: Pages, application: str) -> dict[str, Any]:
    """What the History Server says of an application; empty while it does not list it."""
    return next((each for each in pages.answer(HISTORY, "/api/v1/applications") if each["id"] == application), {})


def metric_names(pages: Pages, application: str, since_seconds: float) -> set[str]:
    """Names of metrics that Prometheus has of an application, whether it still runs or not.

    Args:
        pages: the way to Prometheus.
        application: the application's id.
        since_seconds: when it began, in seconds of the epoch.

    Source: Prometheus documentation, "HTTP API", finding series by label matchers.
    """
    matcher = f'{{job=~"spark|spark-executors",spark_app_id="{application}"}}'
    query = urlencode({"match[]": matcher, "start": f"{since_seconds:.0f}"})
    return {each["__name__"] for each in pages.answer(PROMETHEUS, f"/api/v1/series?{query}")["data"]}


def queue_of(pages: Pages, application: str) -> str:
    """The queue that YuniKorn put an application into; empty while it does not know it.

    Source: apache/yunikorn-core 1.8, pkg/webservice/routes.go and dao/application_info.go.
    """
    looks: Sequence[Callable[[], Answer]] = (
        lambda: [pages.answer(YUNIKORN, f"{_APPLICATIONS}/{application}")],
        lambda: pages.answer(YUNIKORN, f"{_APPLICATIONS}s/completed"),
    )
    for look in looks:
        try:
            found = look()
        except PageError:
            continue
        for each in found or ():
            if each["applicationID"] == application:
                return str(each["queueName"])
    return ""


def _is_ready(pod: dict[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions") or []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
