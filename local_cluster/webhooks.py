"""What the API server calls: webhooks over HTTPS on this machine, with a certificate of the cluster's authority."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK
from local_cluster.server import Server

HEALTH_PATH = "/healthz"

# Answers a review of Kubernetes with the same review and its response or status.
Review = Callable[[dict[str, Any]], dict[str, Any]]


def serve_webhooks(directory: ClusterDirectory, name: str, port: int, reviews: Mapping[str, Review]) -> Server:
    """Serve webhooks until the server is stopped.

    Args:
        directory: of the cluster.
        name: of the certificate.
        port: on loopback; 0 for any.
        reviews: what answers, by path.
    """
    certificate = issue(directory, name, name, hosts=[LOOPBACK, "localhost"])
    return Server(_application(reviews), LOOPBACK, port, certificate)


def _application(reviews: Mapping[str, Review]) -> Any:
    @Request.application
    def answer(request: Request) -> Response:
        if request.path == HEALTH_PATH:
            return Response("ok")
        review = reviews.get(request.path)
        if review is None or request.method != "POST":
            return Response(f"POST to one of: {', '.join(reviews)}", status=404)
        try:
            return Response(json.dumps(review(request.get_json())), content_type="application/json")
        except (KeyError, TypeError, AttributeError) as problem:
            logging.getLogger(__name__).warning("%s: %r", request.path, problem)
            return Response(f"is no review that {request.path} answers: {problem!r}", status=400)

    return answer
