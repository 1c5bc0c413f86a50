"""As much of the Kubernetes API as service discovery asks for: lists and watches of pods, services and endpoint slices.

Objects stay as they are while it runs, so a watch tells what there is and then nothing more. Leaves out every write,
paging, and selectors beyond those that collectors use: `key`, `key=value` and `spec.nodeName=...`.
Source: Kubernetes documentation, "API concepts".
"""

import json
import time
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.telemetry.server import Server, send

Object = Mapping[str, Any]

KINDS = {
    "pods": ("v1", "Pod"),
    "services": ("v1", "Service"),
    "namespaces": ("v1", "Namespace"),
    "nodes": ("v1", "Node"),
    "endpointslices": ("discovery.k8s.io/v1", "EndpointSlice"),
    "replicasets": ("apps/v1", "ReplicaSet"),
}
VERSION = "1000"
# Tells a client that asked for it that it now has all that there is.
INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


class KubernetesApi:
    """An API server with a fixed set of objects.

    Args:
        objects: what there is, each with kind, metadata and, for pods, spec and status.
        token: that every client has to show.
        certificate: file with certificate and key.
        metrics: what `/metrics` answers, called for each scrape.
    """

    def __init__(self, objects: Iterable[Object], token: str, certificate: Path, metrics: str = "") -> None:
        self.objects = [*objects]
        self.token = token
        self.metrics = metrics
        self.unauthorized = 0
        self.asked: set[str] = set()
        self.server = Server(self._answer, certificate)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            self.unauthorized += 1
            return send(request, 401, "no such token")
        url = urlsplit(request.path)
        if url.path == "/metrics":
            return send(request, 200, self.metrics)
        self.asked.add(request.path)
        *_, resource = url.path.split("/")
        if resource not in KINDS:
            return send(request, 404, json.dumps({"kind": "Status", "code": 404}), "application/json")
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        found = [each for each in self.objects if _selected(each, KINDS[resource][1], url.path, query)]
        if query.get("watch") in {"1", "true"}:
            return self._watch(request, resource, found, initial="sendInitialEvents" in query)
        version, kind = KINDS[resource]
        answer = {"kind": f"{kind}List", "apiVersion": version, "metadata": {"resourceVersion": VERSION}}
        return send(request, 200, json.dumps({**answer, "items": found}), "application/json")

    def _watch(self, request: BaseHTTPRequestHandler, resource: str, found: list[Object], *, initial: bool) -> None:
        version, kind = KINDS[resource]
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.end_headers()
        if initial:
            metadata = {"resourceVersion": VERSION, "annotations": INITIAL_EVENTS_END}
            end = {"kind": kind, "apiVersion": version, "metadata": metadata}
            for event in (*({"type": "ADDED", "object": each} for each in found), {"type": "BOOKMARK", "object": end}):
                request.wfile.write(json.dumps(event).encode() + b"\n")
            request.wfile.flush()
        while not self.server.stopping.wait(1):
            pass


def _selected(each: Object, kind: str, path: str, query: Mapping[str, str]) -> bool:
    if each["kind"] != kind:
        return False
    metadata = each["metadata"]
    parts = path.split("/")
    if "namespaces" in parts[:-1] and metadata["namespace"] != parts[parts.index("namespaces") + 1]:
        return False
    for field in filter(None, query.get("fieldSelector", "").split(",")):
        name, _, value = field.partition("=")
        if {"spec.nodeName": each.get("spec", {}).get("nodeName"), "metadata.name": metadata["name"]}[name] != value:
            return False
    for requirement in filter(None, query.get("labelSelector", "").split(",")):
        key, equals, value = requirement.partition("=")
        if key not in metadata["labels"] or (equals and metadata["labels"][key] != value.lstrip("=")):
            return False
    return True


def pod(
    namespace: str, name: str, labels: Mapping[str, str], container: str, ports: Mapping[str, int], **metadata: Any
) -> Object:
    """A running pod on node-1 at the loopback address."""
    declared = [{"name": key, "containerPort": port, "protocol": "TCP"} for key, port in ports.items()]
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {
            "namespace": namespace,
            "name": name,
            "uid": f"uid-of-{name}",
            "resourceVersion": VERSION,
            "creationTimestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "labels": dict(labels),
            "annotations": {},
            **metadata,
        },
        "spec": {"nodeName": "node-1", "containers": [{"name": container, "image": "image", "ports": declared}]},
        "status": {
            "phase": "Running",
            "podIP": "127.0.0.1",
            "hostIP": "127.0.0.1",
            "podIPs": [{"ip": "127.0.0.1"}],
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{"name": container, "ready": True, "containerID": f"containerd://{name}"}],
        },
    }
