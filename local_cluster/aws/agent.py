"""The EKS Pod Identity Agent: a pod shows its token and gets credentials of its service account's role.

It answers what the agent and the service behind it, Amazon EKS Auth, answer together.

Source: aws/eks-pod-identity-agent, internal/validation and pkg/errors; Amazon EKS Auth API reference,
AssumeRoleForPodIdentity; Amazon EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity".
"""

import json
import logging
import uuid
from typing import Any

from werkzeug.wrappers import Request as WebRequest
from werkzeug.wrappers import Response

from local_cluster.aws.associations import association_of
from local_cluster.aws.credentials import Credentials, Principal
from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.aws.pod_identity import AUDIENCE, CREDENTIALS_PATH
from local_cluster.aws.policies import policies_of
from local_cluster.aws.token_review import Pod, Reviewer, TokenReviewError
from offline.checks.iam.evaluation import Request, weigh

_PRINCIPAL = AUDIENCE
_log = logging.getLogger(__name__)


class AgentError(Exception):
    """What the agent answers instead of credentials."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"[{uuid.uuid4()}]: ({code}): {message}, fault: client" if code else message)
        self.status = status


class PodIdentityAgent:
    """Answers pods.

    Args:
        file: the stack's deployment.
        credentials: what was given out.
        reviewer: tells whose token it is.
    """

    def __init__(self, file: DeploymentFile, credentials: Credentials, reviewer: Reviewer) -> None:
        self._file = file
        self._credentials = credentials
        self._reviewer = reviewer

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The WSGI application."""
        return self._answer(WebRequest(environ))(environ, start_response)

    def _answer(self, request: WebRequest) -> Response:
        if request.path in ("/healthz", "/readyz"):
            return Response("ok")
        if request.path != CREDENTIALS_PATH or request.method != "GET":
            return Response("404 page not found\n", status=404)
        try:
            return Response(
                json.dumps(self.credentials(request.headers.get("Authorization", ""))),
                content_type="application/json",
            )
        except AgentError as problem:
            _log.warning("%s", problem)
            return Response(f"{problem}\n", status=problem.status, content_type="text/plain; charset=utf-8")
        except TokenReviewError as problem:
            _log.error("%s", problem)
            return Response(f"{problem}\n", status=500, content_type="text/plain; charset=utf-8")

    def credentials(self, token: str) -> dict[str, str]:
        """What a pod gets for its token.

        Raises:
            AgentError: where it gets nothing.
        """
        if not token:
            raise AgentError(400, "", "Service account token cannot be empty")
        pod = self._reviewer(token, AUDIENCE)
        if pod is None:
            raise AgentError(
                400, "InvalidTokenException", f"The token is none of a service account of this cluster for {AUDIENCE}"
            )
        issued = self._credentials.issue(self._principal(pod, self._file.latest()))
        return {
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "Token": issued.session_token,
            "AccountId": issued.principal.account,
            "Expiration": issued.expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _principal(self, pod: Pod, deployment: Deployment) -> Principal:
        association = association_of(pod.namespace, pod.service_account, deployment)
        if association is None or deployment.cluster is None:
            raise AgentError(
                404,
                "ResourceNotFoundException",
                f"No pod identity association for service account {pod.service_account} in namespace {pod.namespace}",
            )
        role, cluster = association.inputs["roleArn"], deployment.cluster
        _require_trust(role, deployment)
        tags = {
            "eks-cluster-arn": cluster.arn,
            "eks-cluster-name": cluster.identifier,
            "kubernetes-namespace": pod.namespace,
            "kubernetes-service-account": pod.service_account,
            "kubernetes-pod-name": pod.name,
            "kubernetes-pod-uid": pod.uid,
        }
        session = f"eks-{cluster.identifier}-{pod.name[:20]}-{uuid.uuid5(uuid.NAMESPACE_OID, pod.uid or pod.name)}"
        return Principal(role, session[:64], pod.namespace, pod.service_account, tags)


def _require_trust(role: str, deployment: Deployment) -> None:
    trust = policies_of(deployment).trust(role)
    if trust is None:
        raise AgentError(400, "AccessDeniedException", f"Role {role} does not exist")
    assert deployment.cluster is not None
    source = {"aws:SourceAccount": deployment.account_id, "aws:SourceArn": deployment.cluster.arn}
    for action in ("sts:AssumeRole", "sts:TagSession"):
        asked = Request(_PRINCIPAL, action, role, source)
        if weigh(asked, (), trust, owner=deployment.account_id).decision != "allowed":
            raise AgentError(
                400,
                "AccessDeniedException",
                f"Unauthorized Exception! EKS does not have permissions to assume the associated role: the trust "
                f"policy of {role} does not let {_PRINCIPAL} do {action} for {deployment.cluster.arn}",
            )
