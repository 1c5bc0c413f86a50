"""Whether a principal may do what it asks: by the endpoint, its own policies, and those that stand on the resource.

Source: IAM user guide, "Policy evaluation logic" and "Troubleshoot access denied error messages", whose sentences
these are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from local_cluster.aws.access import Access, Call
from local_cluster.aws.credentials import Principal
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.policies import Endpoint, Policies, policies_of
from local_cluster.aws.services import Service
from offline.checks.iam.evaluation import Decision, Policy, Request, passes, weigh

Layer = Literal["identity policy", "bucket policy", "key policy", "topic policy", "queue policy", "endpoint policy"]
_EVERYTHING: Policy = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_STANDING_ON: dict[str, Layer] = {
    "s3": "bucket policy",
    "kms": "key policy",
    "sns": "topic policy",
    "sqs": "queue policy",
}
_SAID: dict[Layer, str] = {"identity policy": "identity-based policy", "endpoint policy": "VPC endpoint policy"}
# AWS security token service API reference, GetCallerIdentity: no permission is asked, and a denial has no effect.
_FREE = frozenset({"sts:GetCallerIdentity"})


@dataclass(frozen=True)
class Refusal:
    """What was refused, and by which policy.

    Args:
        access: the action and resource.
        decision: denied by a statement, or allowed by none.
        layer: the policy that denied, or that lacks what would allow.
        message: as AWS would say it.
    """

    access: Access
    decision: Decision
    layer: Layer
    message: str


def judge(call: Call, principal: Principal, service: Service, deployment: Deployment) -> Refusal | None:
    """What of a call is refused first; None where all of it is allowed."""
    return next((found for each in call.accesses if (found := refusal(each, principal, service, deployment))), None)


def refusal(access: Access, principal: Principal, service: Service, deployment: Deployment) -> Refusal | None:
    """Why a principal may not do one thing; None where it may.

    Raises:
        ValueError: where a policy holds what can't be evaluated.
        UnknownPolicyError: where the principal has a policy that is nowhere.
    """
    policies = policies_of(deployment)
    # From outside of the VPC, and between services, no endpoint is passed.
    endpoint = None if principal.is_deployer or access.through else policies.endpoint(service.endpoint)
    request = Request(principal.role_arn, access.action, access.resource, _context(access, principal, endpoint))
    if endpoint is not None and (decision := passes(request, endpoint.policy)) != "allowed":
        return _refusal(access, principal, decision, "endpoint policy")
    if access.action in _FREE:
        return None
    identity = [_EVERYTHING] if principal.is_deployer else policies.identity(principal.role_arn)
    verdict = weigh(
        request,
        identity,
        _standing_on(access, policies),
        owner=access.owner or principal.account,
        key=access.action.startswith("kms:") and access.resource != "*",
    )
    if verdict.decision == "allowed":
        return None
    kind = access.resource.split(":")[2] if ":" in access.resource else ""
    layer = "identity policy" if verdict.layer == "identity" else _STANDING_ON[kind]
    return _refusal(access, principal, verdict.decision, layer)


def _standing_on(access: Access, policies: Policies) -> Policy | None:
    kind = access.resource.split(":")[2] if ":" in access.resource else ""
    return policies.resource(access.resource) if kind in _STANDING_ON else None


def _context(access: Access, principal: Principal, endpoint: Endpoint | None) -> dict[str, str]:
    found = {
        **access.context,
        "aws:CurrentTime": datetime.now(UTC).isoformat(),
        "aws:PrincipalType": "AssumedRole",
        **{f"aws:PrincipalTag/{key}": each for key, each in principal.tags.items()},
    }
    if access.owner:
        found["aws:ResourceAccount"] = access.owner
    if endpoint is not None:
        found |= {"aws:SourceVpce": endpoint.identifier, "aws:SourceVpc": endpoint.vpc_id}
    if access.through:
        found["aws:ViaAWSService"] = "true"
    return found


def _refusal(access: Access, principal: Principal, decision: Decision, layer: Layer) -> Refusal:
    said = _SAID.get(layer, "resource-based policy")
    article = "an" if said.startswith("i") else "a"
    reason = (
        f"with an explicit deny in {article} {said}"
        if decision == "denied"
        else f"because no {said} allows the {access.action} action"
    )
    whose = f" (local cluster: {layer}; {_whose(principal)})"
    message = (
        f'User: {principal.arn} is not authorized to perform: {access.action} on resource: "{access.resource}" {reason}'
    )
    return Refusal(access, decision, layer, message + whose)


def _whose(principal: Principal) -> str:
    if principal.is_deployer:
        return "the deployer"
    return f"service account {principal.namespace}/{principal.service_account}, role {principal.role_arn}"
