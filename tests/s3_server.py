"""moto's S3 on a port of this machine, with buckets that lock by default."""

import logging
import threading
from collections.abc import Callable, Iterable
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from local_cluster.aws.locked_bucket import LockedBuckets


class S3Server:
    """A server that is there until it is stopped.

    Args:
        locked: names of the buckets that ask for what a locked one asks.
        before: what stands before it and sees every request first.
    """

    def __init__(
        self, locked: Iterable[str], before: Callable[[WSGIApplication], WSGIApplication] = lambda server: server
    ) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.buckets = LockedBuckets(DomainDispatcherApplication(create_backend_app), frozenset(locked))
        self._server = make_server("127.0.0.1", 0, before(self.buckets), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
