"""What proxies find in a cluster behind the names of Services: drivers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Driver:
    """A driver's pages, which remember who asked for what.

    Args:
        port: where it listens.
        requests: method, path and headers of each request.
    """

    port: int
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def driver() -> Iterator[Driver]:
    """A driver that redirects its first page as Spark does, and tries to set a cookie."""
    made = Driver(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.requests.append((self.command, self.path, dict(self.headers.items())))
            if self.path == "/":
                self.send_response(302)
                self.send_header("Location", f"http://{self.headers['Host']}/jobs/")
                self.end_headers()
                return
            content = f"links begin with {self.headers.get('X-Forwarded-Context')}".encode()
            self.send_response(200)
            self.send_header("Set-Cookie", "of=the-driver")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
