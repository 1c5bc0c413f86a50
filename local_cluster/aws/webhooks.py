"""What the API server calls: authentication and admission, over HTTPS on this machine."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from local_cluster.aws import authentication, pod_identity
from local_cluster.aws.authentication import Authentication
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.pod_identity import PodIdentityAdmission
from local_cluster.aws.server import Server
from local_cluster.aws.tokens import Tokens
from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory

HOST = "127.0.0.1"
HEALTH_PATH = "/healthz"


def serve_webhooks(directory: ClusterDirectory, file: DeploymentFile, port: int) -> Server:
    """The webhooks, with a certificate of the cluster's authority."""
    certificate = issue(directory, "aws-webhooks", "aws-webhooks", hosts=[HOST, "localhost"])
    reviews = {
        authentication.PATH: Authentication(Tokens(directory), file).review,
        pod_identity.PATH: PodIdentityAdmission(file).review,
    }
    return Server(_application(reviews), HOST, port, certificate)


def _application(reviews: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]) -> Any:
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
