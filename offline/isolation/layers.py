"""The policies that one request from environment to environment meets, layer by layer.

Between accounts every layer has to let a request pass: AWS asks the caller's own policies and permissions boundary, the
resource's policy, the VPC endpoint's on the way, and the organisation's on either side. So a request is refused as long
as one layer refuses it, and the layers that do are all there is to know about it.

Source: AWS IAM user guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and "Evaluating
identity-based policies with resource control policies"; AWS KMS developer guide, "Allowing users in other accounts to
use a KMS key".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from offline.checks.iam.evaluation import Decision, Request, bounded
from offline.isolation.document import Document, document, treated_as
from offline.isolation.environment import EVERYTHING, Environment, Principal, Target

Layer = Literal["identity", "boundary", "resource", "endpoint", "service control", "resource control"]
LAYERS: Sequence[Layer] = get_args(Layer)
# What a resource's policy is where somebody opened it to the world.
OPEN_TO_ALL = document(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)
# Layers whose policies stand on the principal or on its account, and name nobody.
UNNAMED: Sequence[Layer] = ("identity", "boundary", "service control")
_ENDPOINTS = {"ecr": "ecr.api"}
_WITHOUT_RESOURCE_CONTROL = ("sns",)


@dataclass(frozen=True)
class Crossing:
    """A request of a principal of one environment for something of another.

    Args:
        source: the principal's environment.
        principal: who asks.
        owner: the other environment.
        target: what for.
        action: such as s3:PutObject.
        context: condition keys that the principal has chosen.
    """

    source: Environment
    principal: Principal
    owner: Environment
    target: Target
    action: str
    context: Mapping[str, str]

    @property
    def service(self) -> str:
        """Prefix of the action."""
        return self.action.partition(":")[0]

    @cached_property
    def request(self) -> Request:
        """The request as AWS sees it."""
        place = {"aws:RequestedRegion": self.owner.account.region, "aws:ResourceAccount": self.owner.account.id}
        return Request(self.principal.arn, self.action, self.target.arn, {**place, **self.context})

    def policies(self, layer: Layer) -> tuple[Document, ...]:
        """The policies of a layer; none where the request does not meet it."""
        if layer == "identity":
            return self.principal.policies
        if layer == "boundary":
            return (self.principal.boundary,) if self.principal.boundary else ()
        if layer == "resource":
            return (self.target.policy,) if self.target.policy else ()
        if layer == "endpoint":
            endpoint = self.source.endpoints.get(_ENDPOINTS.get(self.service, self.service))
            return (endpoint,) if endpoint else ()
        if layer == "service control":
            # The policy that lets everything pass stands on every account beside the others.
            return (EVERYTHING, self.source.service_control)
        return (OPEN_TO_ALL, self.owner.resource_control)

    def meets(self, layer: Layer) -> bool:
        """Whether the layer is on the request's way at all."""
        if layer in ("boundary", "endpoint"):
            return bool(self.policies(layer))
        return layer != "resource control" or self.service not in _WITHOUT_RESOURCE_CONTROL

    def refused_by(self) -> frozenset[Layer]:
        """The layers that do not let it pass, each for itself."""
        return frozenset(layer for layer in LAYERS if self.meets(layer) and self._answer(layer) != "allowed")

    def treatment(self, layer: Layer) -> tuple[str, ...]:
        """What of a layer's policies tells this principal from another one of the same account."""
        return tuple(name for each in self.policies(layer) for name in treated_as(each, self.principal.arn))

    def _answer(self, layer: Layer) -> Decision:
        policies = self.policies(layer)
        place = (layer, policies, self.treatment(layer), self.source.account, self.owner.account)
        asked = (*place, self.action, self.target.arn, tuple(sorted(self.context.items())))
        if asked not in _ANSWERS:
            named = layer not in UNNAMED
            _ANSWERS[asked] = bounded(self.request, [each.content for each in policies], named=named)
        return _ANSWERS[asked]


# Answers by all that they depend on: most principals get the same one from all layers but their own.
_ANSWERS: dict[tuple[Any, ...], Decision] = {}


def open_policy(layer: Layer) -> Document:
    """What stands in place of a layer that is taken away: a policy that lets everybody do everything."""
    return EVERYTHING if layer in UNNAMED else OPEN_TO_ALL


def contexts(action: str, source: Environment) -> Iterator[dict[str, str]]:
    """The ways in which a principal may ask: AWS KMS by itself, and by having Amazon S3 ask for it."""
    yield {}
    if action.startswith("kms:"):
        yield {"kms:ViaService": source.account.service_in_region("s3"), "kms:CallerAccount": source.account.id}
