"""The AWS that pods call: every request is judged by the stack's policies, then carried out by moto, and logged.

Leaves out throttling, requests of nobody (every bucket of the stack is private), and services beyond `SERVICES`.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from wsgiref.types import StartResponse

from werkzeug.wrappers import Response

from local_cluster.aws.access import Access, Call, UnknownCallError
from local_cluster.aws.api_request import ApiRequest, read_request
from local_cluster.aws.backends import Backends
from local_cluster.aws.bulk_deletion import BulkDeletion
from local_cluster.aws.credentials import Credentials, Principal
from local_cluster.aws.deployer import Deployer
from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.aws.judgement import Refusal, judge, refusal
from local_cluster.aws.operations import api_call, protocol_of
from local_cluster.aws.own_answers import own_answer
from local_cluster.aws.policies import UnknownPolicyError
from local_cluster.aws.refusals import error_response
from local_cluster.aws.request_log import NAME, RequestLog
from local_cluster.aws.s3_actions import s3_call, target_of
from local_cluster.aws.seed import Seed
from local_cluster.aws.service_lookup import require_service, service_of_host
from local_cluster.aws.services import SERVICES, Service
from local_cluster.aws.signature import Signature, SignatureError, authenticate
from local_cluster.directory import ClusterDirectory

_log = logging.getLogger(__name__)
_CHANGING = frozenset({"PUT", "POST", "DELETE"})


@dataclass
class _Judged:
    """What is known of a request so far, for the log."""

    operation: str
    accesses: tuple[Access, ...] = ()
    principal: Principal | None = None
    decision: str = "refused"
    layer: str = ""
    message: str = ""


class Front:
    """Answers requests to AWS.

    Args:
        directory: of the cluster.
        file: the stack's deployment.
        credentials: what was given out.
    """

    def __init__(self, directory: ClusterDirectory, file: DeploymentFile, credentials: Credentials) -> None:
        self._file = file
        self._credentials = credentials
        self._seed = Seed(directory.aws)
        self._backends = Backends(file.latest)
        self._requests = RequestLog(directory.logs / NAME)
        self._deployer = Deployer(directory.aws, credentials)

    def follow(self) -> Deployment:
        """Bring moto and the deployer's credentials in step with the deployment; returns it."""
        deployment = self._file.latest()
        self._seed.follow(deployment)
        self._deployer.follow(deployment)
        return deployment

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application."""
        request = read_request(environ)
        judged = _Judged(f"{request.method} {request.host}{request.raw_path}")
        response = self._answer(request, environ, judged)
        self._requests.add(
            operation=judged.operation,
            accesses=judged.accesses,
            principal=judged.principal,
            decision=judged.decision,
            status=response.status_code,
            layer=judged.layer,
            message=judged.message,
        )
        return response(environ, start_response)

    def _answer(self, request: ApiRequest, environ: dict[str, Any], judged: _Judged) -> Response:
        service = service_of_host(request.host)
        try:
            signature = Signature.of(request)
            service = require_service(signature, service)
            judged.principal = authenticate(request, signature, self._credentials).principal
            return self._judged(request, environ, service, judged)
        except SignatureError as problem:
            reason, judged.message = problem.reason, str(problem)
        except UnknownCallError as problem:
            reason, judged.message = "unknown call", str(problem)
        except (ValueError, UnknownPolicyError) as problem:
            # A policy that can't be evaluated lets nothing through.
            _log.error("%s: %s", judged.operation, problem)
            reason, judged.message = "broken", str(problem)
        except Exception as problem:
            _log.exception("%s", judged.operation)
            reason, judged.message = "broken", f"moto: {problem!r}"
        _log.warning("%s: %s", judged.operation, judged.message)
        return error_response(reason, judged.message, protocol_of(request, service or SERVICES["s3"]))

    def _judged(self, request: ApiRequest, environ: dict[str, Any], service: Service, judged: _Judged) -> Response:
        assert judged.principal is not None
        deployment, principal = self.follow(), judged.principal
        call = s3_call(request, deployment) if service.backend == "s3" else api_call(request, service, deployment)
        judged.operation, judged.accesses = call.operation, call.accesses
        if call.operation == "DeleteObjects":
            return self._delete(request, environ, service, judged, deployment)
        if refused := judge(call, principal, service, deployment):
            return self._refuse(refused, request, service, judged)
        judged.decision = "allowed"
        answer = own_answer(call, service, principal, deployment)
        if answer is None:
            answer = self._backends.answer(request, environ, service, deployment.account_id)
        if service.backend == "s3":
            if hidden := _hidden(answer, call, principal, deployment):
                return self._refuse(hidden, request, service, judged)
            self._keep(request, call, answer)
        return answer

    def _refuse(self, refused: Refusal, request: ApiRequest, service: Service, judged: _Judged) -> Response:
        judged.decision, judged.layer, judged.message = refused.decision, refused.layer, refused.message
        return error_response("denied", refused.message, protocol_of(request, service))

    def _delete(
        self, request: ApiRequest, environ: dict[str, Any], service: Service, judged: _Judged, deployment: Deployment
    ) -> Response:
        assert judged.principal is not None
        deletion = BulkDeletion(request, judged.accesses)
        refused = [found for each in judged.accesses if (found := refusal(each, judged.principal, service, deployment))]
        if refused:
            self._refuse(refused[0], request, service, judged)
        else:
            judged.decision = "allowed"
        keys = deletion.allowed(refused)
        answer = Response()
        if keys:
            body = deletion.body(refused)
            answer = self._backends.answer(request, environ, service, deployment.account_id, body)
        for key in keys:
            if self._seed.storage is not None:
                self._seed.storage.save(deletion.bucket, key)
        return deletion.with_errors(answer, refused)

    def _keep(self, request: ApiRequest, call: Call, answer: Response) -> None:
        target, storage = target_of(request), self._seed.storage
        if request.method in _CHANGING and target.key and answer.status_code < 300 and storage is not None:
            if call.operation == "CompleteMultipartUpload":
                storage.retain(target.bucket, target.key)
            storage.save(target.bucket, target.key)

    def close(self) -> None:
        """End."""
        self._requests.close()


def _hidden(answer: Response, call: Call, principal: Principal, deployment: Deployment) -> Refusal | None:
    """Why a missing object is refused rather than missing: who may not list must not learn what is there.

    Source: Amazon S3 API reference, GetObject and HeadObject, permissions.
    """
    first = call.accesses[0]
    if answer.status_code != 404 or first.action not in ("s3:GetObject", "s3:GetObjectVersion"):
        return None
    bucket = first.resource.partition("/")[0]
    listing = replace(first, action="s3:ListBucket", resource=bucket, context={})
    return refusal(listing, principal, SERVICES["s3"], deployment)
