"""What the front answers itself, because moto does not, or does not know who asks.

Source: AWS STS API reference, GetCallerIdentity; Amazon Managed Service for Prometheus user guide, "RemoteWrite".
"""

from werkzeug.wrappers import Response

from local_cluster.aws.access import Call, UnknownCallError
from local_cluster.aws.credentials import Principal
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.services import Service

_WORKSPACE = "aws:amp/workspace:Workspace"


def own_answer(call: Call, service: Service, principal: Principal, deployment: Deployment) -> Response | None:
    """The answer to a call that was allowed; None where moto has it.

    Raises:
        UnknownCallError: for a call that nobody answers.
    """
    if service.backend == "sts":
        if call.operation != "GetCallerIdentity":
            raise UnknownCallError(
                f"local clusters answer no sts:{call.operation}; pods have their roles by pod identity"
            )
        return _caller_identity(principal)
    if service.backend != "amp":
        return None
    workspace = call.accesses[0].resource
    if all(each.arn != workspace for each in deployment.of(_WORKSPACE)):
        text = '{"message": "Workspace not found"}'
        return Response(text, 404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, content_type="application/json")
    if call.operation != "RemoteWrite":
        raise UnknownCallError(f"local clusters answer no aps:{call.operation}: samples are taken and not kept")
    return Response(status=200)


def _caller_identity(principal: Principal) -> Response:
    inner = f"<Arn>{principal.arn}</Arn><UserId>{principal.session}</UserId><Account>{principal.account}</Account>"
    text = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<GetCallerIdentityResult>{inner}</GetCallerIdentityResult>"
        "<ResponseMetadata><RequestId>moka</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )
    return Response(text, content_type="text/xml")
