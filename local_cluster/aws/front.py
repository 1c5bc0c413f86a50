"""The AWS that pods call: every request is judged by the stack's policies, then carried out by moto, and logged.

Leaves out throttling, requests of nobody (every bucket of the stack is private), and services beyond `SERVICES`.
"""

import json
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
from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.aws.judgement import Refusal, judge, refusal
from local_cluster.aws.operations import api_call, protocol_of
from local_cluster.aws.own_answers import own_answer
from local_cluster.aws.policies import UnknownPolicyError
from local_cluster.aws.refusals import error_response
from local_cluster.aws.request_log import NAME, RequestLog
from local_cluster.aws.s3_actions import s3_call, target_of
from local_cluster.aws.seed import Seed
from local_cluster.aws.services import SERVICES, Service
from local_cluster.aws.signature import Signature, SignatureError, authenticate
from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private

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
        self._deployer_file = directory.aws / "deployer.json"

    def follow(self) -> Deployment:
        """Bring moto and the deployer's credentials in step with the deployment; returns it."""
        deployment = self._file.latest()
        self._seed.follow(deployment)
        if deployment.account_id:
            self._write_deployer(deployment)
        return deployment

    def _write_deployer(self, deployment: Deployment) -> None:
        role = f"arn:{deployment.partition}:iam::{deployment.account_id}:role/moka-deployer"
        issued = self._credentials.issue(Principal(role, "local-cluster", is_deployer=True))
        content = {
            "Version": 1,
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "SessionToken": issued.session_token,
            "Expiration": issued.expires.isoformat(),
        }
        text = json.dumps(content)
        if not self._deployer_file.is_file() or self._deployer_file.read_text() != text:
            write_private(self._deployer_file, text)

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
        service = _service_of_host(request.host)
        try:
            signature = Signature.of(request)
            service = _require_service(signature, service)
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
            self._keep(request, answer)
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
            first = refused[0]
            judged.decision, judged.layer, judged.message = first.decision, first.layer, first.message
        else:
            judged.decision = "allowed"
        body, rest = deletion.allowed_body(refused)
        answer = self._backends.answer(request, environ, service, deployment.account_id, body)
        for key in rest:
            self._save(deletion.bucket, key)
        return deletion.with_errors(answer, refused)

    def _keep(self, request: ApiRequest, answer: Response) -> None:
        target = target_of(request)
        if request.method in _CHANGING and target.key and answer.status_code < 300:
            self._save(target.bucket, target.key)

    def _save(self, bucket: str, key: str) -> None:
        if self._seed.storage is not None:
            self._seed.storage.save(bucket, key)

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


def _service_of_host(host: str) -> Service | None:
    labels = set(host.split("."))
    return next((each for each in SERVICES.values() if labels & set(each.hosts)), None)


def _require_service(signature: Signature, of_host: Service | None) -> Service:
    service = SERVICES.get(signature.service)
    if service is None:
        raise UnknownCallError(f"local clusters have no {signature.service}; they have {', '.join(SERVICES)}")
    if of_host is not None and of_host is not service:
        raise SignatureError(
            "incomplete",
            f"Credential should be scoped to correct service: '{of_host.signing_name}', not '{signature.service}'",
        )
    return service
