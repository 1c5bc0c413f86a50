"""A cluster's objects and the platform's pages, in memory."""

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from moka_smoke.pages import HISTORY, PROMETHEUS, YUNIKORN, PageError, Server

Object = dict[str, Any]


class FakeObjects:
    """Objects by kind, namespace and name.

    Args:
        kinds: that the cluster knows.
    """

    def __init__(self, *kinds: str) -> None:
        self.kinds = {"Pod", "Node", "ConfigMap", "Service", *kinds}
        self.stored: list[Object] = []
        self.forbidden: set[tuple[str, str]] = set()
        # Refusals that are said once each.
        self.passing: dict[tuple[str, str], list[str]] = {}
        self.created: Callable[[Object], object] = lambda _: None
        self.removed: Callable[[Object], object] = lambda _: None

    def create(self, each: Object) -> None:
        self._judge("create", each["kind"])
        self.stored.append(copy.deepcopy(each))
        self.created(each)

    def apply(self, *objects: Object) -> None:
        for each in objects:
            self.create(each)

    def remove(self, *objects: Object) -> None:
        for each in objects:
            self._judge("delete", each["kind"])
            self.stored = [found for found in self.stored if found is not each and _key(found) != _key(each)]
            self.removed(each)

    def named(self, kind: str, name: str, namespace: str | None = None, api_version: str = "v1") -> Object:
        self._judge("get", kind)
        assert api_version.partition("/")[0] == ("sparkoperator.k8s.io" if kind == "SparkApplication" else "v1")
        return next((each for each in self.stored if _key(each) == (kind, namespace, name)), {})

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[Object]:
        self._judge("list", kind)
        assert api_version == "v1"
        wanted = dict(each.split("=", 1) for each in selectors.get("label_selector", "").split(",") if each)
        return [
            each
            for each in self.stored
            if each["kind"] == kind
            and selectors.get("namespace") in (None, each["metadata"].get("namespace"))
            and wanted.items() <= (each["metadata"].get("labels") or {}).items()
        ]

    def put(self, each: Object) -> None:
        """An object in the place of the one of its name."""
        self.stored = [found for found in self.stored if _key(found) != _key(each)]
        self.stored.append(each)

    def _judge(self, verb: str, kind: str) -> None:
        if kind not in self.kinds:
            raise ResourceNotFoundError(f"no {kind}")
        passing = self.passing.get((verb, kind))
        if passing or (verb, kind) in self.forbidden:
            error = ApiException(status=403, reason="Forbidden")
            error.body = json.dumps({"message": passing.pop() if passing else f"you may not {verb} {kind}"})
            raise error


class FakePages:
    """What programs of the platform answer."""

    def __init__(self) -> None:
        self.history: list[Object] = []
        self.series: list[Object] = []
        self.queues: dict[str, str] = {}
        self.completed: dict[str, str] = {}
        self.asked: list[str] = []
        self.down: set[Server] = set()

    def answer(self, server: Server, path: str) -> Any:
        self.asked.append(path)
        if server in self.down:
            raise PageError(f"no pod of service {server.service} is ready")
        if server == HISTORY:
            return self.history
        if server == PROMETHEUS:
            assert parse_qs(urlsplit(path).query).keys() == {"match[]", "start"}
            return {"data": self.series}
        assert server == YUNIKORN
        return self._applications(path)

    def _applications(self, path: str) -> Any:
        if path.endswith("/applications/completed"):
            return [{"applicationID": name, "queueName": queue} for name, queue in self.completed.items()] or None
        name = path.rpartition("/")[2]
        if name not in self.queues:
            raise PageError("yunikorn-scheduler answers 404")
        return {"applicationID": name, "queueName": self.queues[name]}


def pod(
    name: str,
    role: str = "",
    phase: str = "Running",
    *,
    node: str = "node-1",
    application: str = "word-count",
    namespace: str = "spark-analytics",
    scheduler: str = "yunikorn",
    exit_code: int | None = None,
) -> Object:
    """A pod, of an application where it has a role."""
    labels = {"spark-role": role, "spark-app-name": application, "spark-app-selector": "spark-0123"} if role else {}
    state = {"running": {}} if exit_code is None else {"terminated": {"exitCode": exit_code}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"nodeName": node, "schedulerName": scheduler},
        "status": {"phase": phase, "containerStatuses": [{"state": state}]},
    }


def node(name: str, labels: dict[str, str]) -> Object:
    """A node."""
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}


def _key(each: Object) -> tuple[str, str | None, str]:
    return each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]
