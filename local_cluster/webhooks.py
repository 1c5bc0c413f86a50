"""What the API server calls: webhooks over HTTPS on this machine, with a certificate of the cluster's authority."""

import base64
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from local_cluster.certificates import authority_file, issue
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


def mutating_webhook(
    directory: ClusterDirectory, configuration: str, url: str, rules: Sequence[Mapping[str, Any]], **more: Any
) -> dict[str, Any]:
    """The MutatingWebhookConfiguration that sends objects to a webhook of this machine.

    Args:
        directory: of the cluster, whose authority the webhook's certificate is of.
        configuration: name of the object.
        url: of the webhook.
        rules: which requests it sees (Kubernetes API reference, RuleWithOperations).
        more: further fields of the webhook, its name and failure policy among them.
    """
    authority = base64.b64encode(authority_file(directory).read_bytes()).decode()
    webhook = {
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": url, "caBundle": authority},
        "rules": list(rules),
        "sideEffects": "None",
        "timeoutSeconds": 10,
        **more,
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": configuration},
        "webhooks": [webhook],
    }


def rule(group: str, resource: str, *operations: str) -> dict[str, Any]:
    """Requests for one kind of object of version v1."""
    return {"apiGroups": [group], "apiVersions": ["v1"], "operations": list(operations), "resources": [resource]}


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
