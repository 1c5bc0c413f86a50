"""Small HTTP servers on the loopback address, which can go away and come back at the same port."""

import contextlib
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from local_cluster.ports import free_port

LOOPBACK = "127.0.0.1"

Answer = Callable[[BaseHTTPRequestHandler], None]


def send(request: BaseHTTPRequestHandler, status: int, text: str, kind: str = "text/plain; version=0.0.4") -> None:
    """Answer a request with a text."""
    body = text.encode()
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


class Server:
    """Answers requests until it is stopped; `start` brings it back.

    Args:
        answer: called for each request.
        certificate: file with certificate and key; plain HTTP without one.
    """

    def __init__(self, answer: Answer, certificate: Path | None = None) -> None:
        self.port = free_port()
        self.stopping = threading.Event()
        self._answer = answer
        self._certificate = certificate
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Listen, and answer from a thread."""
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                # Clients go away in the middle of a watch, and when they are stopped.
                with contextlib.suppress(ConnectionError, ssl.SSLError):
                    super().handle_one_request()

            def do_GET(self) -> None:
                answer(self)

            def do_POST(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self.stopping.clear()
        self._server = ThreadingHTTPServer((LOOPBACK, self.port), Handler)
        self._server.daemon_threads = True
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            # The handshake is the handler's, so that a client that dallies holds up nobody else.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.stopping.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
