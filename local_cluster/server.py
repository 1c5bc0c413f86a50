"""An HTTP server for one application, in threads, with TLS where a certificate is given."""

import logging
import socket
import ssl
import threading
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

_HANDSHAKE_SECONDS = 20


class Handler(WSGIRequestHandler):
    """Keeps connections, and holds nothing back: a request costs a millisecond, Nagle's algorithm forty."""

    disable_nagle_algorithm = True
    # Of a pod that is gone no word comes; its connection must not keep a thread.
    timeout = 120
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests have a log of their own."""


class _TlsServer(ThreadedWSGIServer):
    """Shakes hands in the connection's own thread, so that a slow client holds up nobody else."""

    request_queue_size = 256

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        if self.ssl_context is None:
            super().finish_request(request, client_address)
            return
        # Whoever connects and says nothing must not keep a thread.
        request.settimeout(_HANDSHAKE_SECONDS)
        try:
            connection = self.ssl_context.wrap_socket(request, server_side=True)
        except (ssl.SSLError, OSError) as problem:
            logging.getLogger(__name__).info("%s: %s", client_address[0], problem)
            return
        try:
            super().finish_request(connection, client_address)
        finally:
            connection.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke; what an application could not answer it says itself."""


class Server:
    """An application on an address, until it is stopped.

    Args:
        application: what answers.
        host: the address.
        port: the port; 0 for any.
        certificate: files of certificate and key; plain HTTP without.
        handler: reads requests off a connection.

    Raises:
        OSError: when the address or the port can't be had.
    """

    def __init__(
        self,
        application: WSGIApplication,
        host: str,
        port: int,
        certificate: tuple[Path, Path] | None = None,
        handler: type[Handler] = Handler,
    ) -> None:
        with socket.create_server((host, port), backlog=256) as listener:
            # werkzeug ends the process on an address in use; a server of a socket raises instead.
            self._server = _TlsServer(host, port, application, handler=handler, fd=listener.fileno())
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.ssl_context = context
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port."""
        return self._server.port

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
