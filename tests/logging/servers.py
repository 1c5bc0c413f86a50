"""The servers that the agent talks to: S3 with faults, a kubelet, and the API server's events."""

import http.client
import json
import logging
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import boto3
from moto.server import ThreadedMotoServer

from local_cluster.aws.locked_bucket import missing_checksum

Fault = Literal["none", "refused", "slow-down"]
BUCKETS = ("sparks", "systems", "event-logs")
REGION = "us-east-1"
MOTO_PORT = 5000


class TlsServer:
    """A server that can be taken away and put back.

    Args:
        address: where it listens.
        context: its TLS.
        handler: answers one request.
    """

    def __init__(
        self, address: tuple[str, int], context: ssl.SSLContext, handler: type[BaseHTTPRequestHandler]
    ) -> None:
        self._address, self._context, self._handler = address, context, handler
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._address[1]

    def start(self) -> None:
        """Listen."""
        context, handler = self._context, self._handler

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self) -> tuple[Any, Any]:
                connection, client = self.socket.accept()
                connection.settimeout(60)
                # The handshake happens in the request's own thread.
                return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), client

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that went away, as a killed agent does, is no news."""

        self._server = Server(self._address, handler)
        # The same port again after a stop, also where any free one was asked for.
        self._address = (self._address[0], self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Close the port: connections are refused from now on."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class Storage:
    """moto's S3 behind a proxy that refuses connections or answers 503 on demand.

    Args:
        context: TLS of s3.<region>.amazonaws.com.
        port: where the proxy listens.
        moto_port: where moto listens; 0 for any.
    """

    def __init__(self, context: ssl.SSLContext, port: int = 443, moto_port: int = MOTO_PORT) -> None:
        self.fault: Fault = "none"
        self._arrived: list[str] = []
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._moto = ThreadedMotoServer(ip_address="127.0.0.1", port=moto_port, verbose=False)
        self._moto.start()
        self._moto_port = self._moto.get_host_and_port()[1]
        self._client = boto3.client(
            "s3",
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{self._moto_port}",
            aws_access_key_id="reader",
            aws_secret_access_key="reader",
        )
        self._server = TlsServer(("127.0.0.1", port), context, self._handler())
        self._server.start()

    @property
    def port(self) -> int:
        """Where the proxy listens."""
        return self._server.port

    def empty(self) -> None:
        """Forget every object."""
        self._arrived.clear()
        connection = http.client.HTTPConnection("127.0.0.1", self._moto_port)
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()
        connection.close()
        for bucket in BUCKETS:
            self._client.create_bucket(Bucket=bucket)

    @property
    def arrived(self) -> int:
        """How many objects have arrived."""
        return len(self._arrived)

    def set(self, fault: Fault) -> None:
        """Begin or end a fault."""
        if self.fault == "refused" and fault != "refused":
            self._server.start()
        if self.fault != "refused" and fault == "refused":
            self._server.stop()
        self.fault = fault

    def objects(self) -> dict[str, bytes]:
        """bucket/key to content of everything stored, in the order of arrival."""
        found: dict[str, bytes] = {}
        for bucket in BUCKETS:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                for each in page.get("Contents", []):
                    body = self._client.get_object(Bucket=bucket, Key=each["Key"])["Body"]
                    found[f"{bucket}/{each['Key']}"] = body.read()
        return {key: found[key] for key in self._arrived if key in found}

    def stop(self) -> None:
        """End."""
        self._server.stop()
        self._moto.stop()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        storage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if storage.fault == "slow-down":
                    answer(self, 503, b"<Error><Code>SlowDown</Code></Error>", "application/xml")
                    return
                parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query, keep_blank_values=True)
                # Every bucket asks what a locked one asks, so that production is not the first to find out.
                if problem := missing_checksum("PUT", parameters, dict(self.headers)):
                    text = f"<Error><Code>InvalidRequest</Code><Message>{problem}</Message></Error>"
                    answer(self, 400, text.encode(), "application/xml")
                    return
                connection = http.client.HTTPConnection("127.0.0.1", storage._moto_port)
                connection.request("PUT", self.path, body, dict(self.headers))
                response = connection.getresponse()
                content = response.read()
                connection.close()
                if response.status == 200:
                    storage._arrived.append(urllib.parse.unquote(self.path.partition("?")[0].lstrip("/")))
                answer(self, response.status, content, "application/xml")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        return Handler


class Kubelet:
    """A kubelet's list of pods.

    Args:
        context: its TLS.
        pods: what it lists when asked.
        port: where it listens.
    """

    def __init__(
        self, context: ssl.SSLContext, pods: Callable[[], Sequence[Mapping[str, object]]], port: int = 10250
    ) -> None:
        self.broken = False
        kubelet = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if kubelet.broken:
                    answer(self, 500, b"no", "text/plain")
                else:
                    document = {"kind": "PodList", "apiVersion": "v1", "items": list(pods())}
                    answer(self, 200, json.dumps(document).encode(), "application/json")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self.server = TlsServer(("127.0.0.1", port), context, Handler)
        self.server.start()


class ApiServer:
    """An API server that lists and streams events.

    Args:
        context: TLS of kubernetes.default.svc.
        address: where it listens.
    """

    def __init__(self, context: ssl.SSLContext, address: tuple[str, int] = ("127.0.0.2", 443)) -> None:
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._changed = threading.Condition()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if "watch=1" in self.path or "watch=true" in self.path:
                    api._watch(self)
                else:
                    latest = {event["metadata"]["uid"]: event for _, event in api._events}
                    document = {
                        "kind": "EventList",
                        "apiVersion": "v1",
                        "metadata": {"resourceVersion": str(len(api._events))},
                        "items": list(latest.values()),
                    }
                    answer(self, 200, json.dumps(document).encode(), "application/json")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self.server = TlsServer(address, context, Handler)
        self.server.start()

    def add(self, uid: str, message: str, times: int = 1) -> None:
        """An event happens, for the first time or again."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with self._changed:
            event = {
                "kind": "Event",
                "apiVersion": "v1",
                "metadata": {
                    "name": f"event.{uid}",
                    "namespace": "spark",
                    "uid": uid,
                    "resourceVersion": str(len(self._events) + 1),
                    "creationTimestamp": now,
                },
                "reason": "Scheduled",
                "message": message,
                "firstTimestamp": now,
                "lastTimestamp": now,
                "count": times,
                "type": "Normal",
            }
            self._events.append(("ADDED" if times == 1 else "MODIFIED", event))
            self._changed.notify_all()

    def _watch(self, handler: BaseHTTPRequestHandler) -> None:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query)
        sent = int(query.get("resourceVersion", ["0"])[0])
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with self._changed:
                if len(self._events) <= sent:
                    self._changed.wait(timeout=1)
                fresh = self._events[sent:]
            for kind, event in fresh:
                line = json.dumps({"type": kind, "object": event}).encode() + b"\n"
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                handler.wfile.flush()
            sent += len(fresh)
        handler.wfile.write(b"0\r\n\r\n")


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str) -> None:
    """Send a whole response."""
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
