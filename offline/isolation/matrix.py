"""Every role of every environment against everything that each other environment owns.

Leaves out the services that take no policy from another account, such as Amazon EKS, whose API knows its own account's
resources alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from offline.checks.iam.evaluation import Decision, Request, decide
from offline.isolation.actions import ACTIONS, REPAIRS
from offline.isolation.environment import EVERYTHING, Environment
from offline.isolation.layers import LAYERS, Crossing, Layer, contexts


@dataclass
class Matrix:
    """What was found.

    Args:
        asked: the requests, and the layers that refuse each.
        met: layer to how many requests meet it.
        refusals: layer to how many of these it refuses by itself.
        in_one_account: how many were asked again as if both environments were in one account.
        failures: what does not hold, in a sentence each.
    """

    asked: list[tuple[Crossing, frozenset[Layer]]] = field(default_factory=list[tuple[Crossing, frozenset[Layer]]])
    met: Counter[Layer] = field(default_factory=Counter[Layer])
    refusals: Counter[Layer] = field(default_factory=Counter[Layer])
    in_one_account: int = 0
    failures: list[str] = field(default_factory=list[str])


def crossings(environments: Sequence[Environment]) -> Iterator[Crossing]:
    """Every request between two different environments."""
    for source, owner in permutations(environments, 2):
        for principal in source.principals:
            for target in owner.targets:
                for action in ACTIONS[target.kind]:
                    for context in contexts(action, source):
                        yield Crossing(source, principal, owner, target, action, context)


def matrix_of(environments: Sequence[Environment]) -> Matrix:
    """Ask everything between environments, and say which layer lets something pass.

    Every layer that a request meets has to refuse it by itself, so that it stays refused when one of them is edited, or
    forgotten. Only what administrators may do is no layer: the account's boundary and the other side's policies bind
    them.
    """
    matrix = Matrix()
    for crossing in crossings(environments):
        refusing = crossing.refused_by()
        matrix.asked.append((crossing, refusing))
        matrix.refusals.update(refusing)
        matrix.met.update(layer for layer in LAYERS if crossing.meets(layer))
        bound = EVERYTHING not in crossing.principal.policies
        for layer in LAYERS:
            if crossing.meets(layer) and layer not in refusing and (bound or layer != "identity"):
                matrix.failures.append(f"{_words(crossing)} is let through by the {layer} policy.")
        if bound and not crossing.principal.deploys:
            matrix.in_one_account += 1
            if in_one_account(crossing) == "allowed":
                matrix.failures.append(f"{_words(crossing)} is allowed where both are in one account.")
    return matrix


def in_one_account(crossing: Crossing) -> Decision:
    """What AWS decides where somebody gave two environments the same account: no layer that asks for it helps then."""
    owner = crossing.owner.account.id
    arn = crossing.principal.arn.replace(f"::{crossing.source.account.id}:", f"::{owner}:")
    request = Request(arn, crossing.action, crossing.target.arn, {**crossing.request.context})
    return _decide(crossing, request, owner)


def locked_out(environment: Environment) -> list[str]:
    """Repairs of a policy that an administrator of the environment can not make, in a sentence each.

    Asked with every layer in force, on the way through an endpoint and beside it: a policy that shuts everybody out
    would stay for ever.
    """
    found: list[str] = []
    for principal in environment.principals:
        if principal.made_here:
            continue
        for target in environment.targets:
            for action in REPAIRS.get(target.kind, ()):
                request = Crossing(environment, principal, environment, target, action, {})
                if not _allowed_at_home(request):
                    found.append(f"{_words(request)} is refused: an administrator could not mend its policy.")
    return found


def _allowed_at_home(crossing: Crossing) -> bool:
    bounds = crossing.refused_by() - {"identity", "resource"}
    return not bounds and _decide(crossing, crossing.request, crossing.owner.account.id) == "allowed"


def _decide(crossing: Crossing, request: Request, owner: str) -> Decision:
    identity = [each.content for each in crossing.principal.policies]
    resource = crossing.target.policy.content if crossing.target.policy else None
    return decide(request, identity, resource, owner=owner, key=crossing.target.kind == "key")


def _words(crossing: Crossing) -> str:
    return f"{crossing.action} by {crossing.principal.arn} on {crossing.target.arn}"
