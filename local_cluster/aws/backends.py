"""moto behind the front: requests that were judged, carried out.

Source: moto, moto_server/werkzeug_app.py, whose applications these are.
"""

import io
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote, unquote_to_bytes
from wsgiref.types import WSGIApplication

from moto.backends import SERVICE_NAMES
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.wrappers import Response

from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.buckets import buckets_of
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.locked_bucket import LockedBuckets
from local_cluster.aws.s3_actions import bucket_of_host
from local_cluster.aws.services import SERVICES, Service
from local_cluster.server import Handler


class MotoHandler(Handler, MotoRequestHandler):
    """Reads requests as moto wants them: names of S3 metadata keep their underscores."""


class _Locked:
    """The buckets that lock by default, at any moment."""

    def __init__(self, latest: Callable[[], Deployment]) -> None:
        self._latest = latest

    def __contains__(self, name: object) -> bool:
        bucket = buckets_of(self._latest()).get(str(name))
        return bucket is not None and bool(bucket.lock_mode)


class Backends:
    """moto's applications, one for each service.

    Args:
        latest: gives the deployment.
    """

    def __init__(self, latest: Callable[[], Deployment]) -> None:
        names = [each.backend for each in SERVICES.values()]
        self._applications: dict[str, WSGIApplication] = {
            name: create_backend_app(cast(SERVICE_NAMES, name)) for name in names
        }
        self._applications["s3"] = LockedBuckets(self._applications["s3"], _Locked(latest))

    def answer(
        self, request: ApiRequest, environ: dict[str, Any], service: Service, account: str, body: bytes | None = None
    ) -> Response:
        """What moto answers.

        Args:
            request: the request.
            environ: its WSGI environment.
            service: that is asked.
            account: for which moto acts.
            body: instead of the request's.
        """
        content = request.body if body is None else body
        path = _path_style(request) if service.backend == "s3" else request.raw_path
        uri = f"{path}?{request.raw_query}" if request.raw_query else path
        passed = {
            **environ,
            "wsgi.input": io.BytesIO(content),
            "CONTENT_LENGTH": str(len(content)),
            "HTTP_X_MOTO_ACCOUNT_ID": account,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "REQUEST_URI": uri,
            "RAW_URI": uri,
        }
        for key in ("HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
            passed.pop(key, None)
        if service.backend == "s3":
            # moto takes any other host's first label for a bucket.
            passed["HTTP_HOST"] = "localhost"
        return Response.from_app(self._applications[service.backend], passed)


def _path_style(request: ApiRequest) -> str:
    """The path with the bucket in it, wherever the request has it."""
    bucket = bucket_of_host(request)
    return f"/{quote(bucket)}{request.raw_path}" if bucket else request.raw_path
