"""What each program of an environment really does, and what teams of one environment do: each may do its own.

Who makes which calls stands in `components.identity.programs`, with its source. A perimeter that keeps everybody out is
easy; this is the half that shows that the policies leave the platform alive, the organisation's among them.

Leaves out queues, namespaces and network between teams, which Kubernetes keeps apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from components.identity.programs.call import Asked, Fields, Program, fields_of
from components.identity.programs.catalog import programs
from components.network.endpoint_policies import buckets_of_aws
from components.settings import Settings
from components.teams.names import namespace_of
from offline.checks.iam.evaluation import Request, decide
from offline.isolation.actions import ACTIONS
from offline.isolation.environment import Environment, Principal, Target, environment_of
from offline.isolation.layers import Crossing, Layer

# What every team may do alike: action, and what the resource's ARN holds, to the reason.
SHARED: Mapping[tuple[str, str], str] = {
    (
        "s3:ListBucket",
        "spark-events",
    ): "a request for one object has no prefix, and S3A needs 404 where none is",
    ("s3:GetBucketLocation", "spark-"): "consoles ask in which Region a bucket is",
    ("kms:", ":key/"): "one key for each kind of data, usable through Amazon S3, whose policies tell objects apart",
    ("athena:", ""): "saved queries, lists of the console and names of tables; each team runs its own in a workgroup",
    ("glue:", ""): "definitions of tables, the same for all",
}
# Of somebody else, as far as AWS tells: the account of its own buckets is not published.
_AWS_ACCOUNT = "000000000000"
_ACCOUNT_PLACE, _ACCOUNT_DIGITS = 4, 12


@dataclass(frozen=True)
class OwnWork:
    """An environment and who works in it.

    Args:
        environment: as policies see it.
        programs: one for each of its roles.
        fields: ARNs that calls name.
        teams: names of its teams.
    """

    environment: Environment
    programs: tuple[Program, ...]
    fields: Fields
    teams: tuple[str, ...]

    def requests(self) -> Iterator[tuple[Principal, Asked]]:
        """Every call of every program, with the role that makes it."""
        roles = {each.name: each for each in self.environment.principals if each.made_here}
        for program in self.programs:
            for asked in program.requests(self.fields):
                yield roles[program.role], asked

    def refused(self) -> Iterator[str]:
        """Calls that a program makes and a policy refuses, in a sentence each."""
        for role, asked in self.requests():
            if (by := self.refused_by(role, asked)) is not None:
                yield f"{asked.action} by {role.arn} on {asked.resource} is its own work, and {by} refuses it."

    def between_teams(self) -> Iterator[tuple[str, bool]]:
        """Each request for what another team has, in words, and whether it is refused as it has to be.

        What both teams ask for is left out where `SHARED` says why, or where it is data that the settings give to both.
        """
        for asking, owning in permutations(self.teams, 2):
            mine = {(asked.action, asked.resource) for _, asked in self._of(asking)}
            theirs = dict.fromkeys(each for _, asked in self._of(owning) for each in _all_that_could_be_done(asked))
            for role in {role.name: role for role, _ in self._of(asking)}.values():
                for action, resource in theirs:
                    if (action, resource) in mine and (_is_shared(action, resource) or self._is_data(resource)):
                        continue
                    words = f"{action} by {role.arn} on {resource}, which is team {owning}'s,"
                    yield words, self._decision(role, Asked(action, resource, {})) != "allowed"

    def _is_data(self, resource: str) -> bool:
        """Whether it lies in a bucket that settings name and the program does not make."""
        bucket = resource.partition("/")[0]
        return ":s3:::" in bucket and not any(each.arn == bucket and each.policy for each in self.environment.targets)

    def _of(self, team: str) -> Iterator[tuple[Principal, Asked]]:
        for role, asked in self.requests():
            # A service account's name has no hyphen, so the last one ends the team's.
            pods = role.name.removesuffix("-pod").rpartition("-")[0]
            if role.name == f"log-readers-{team}" or pods == namespace_of(team):
                yield role, asked

    def refused_by(self, role: Principal, asked: Asked) -> Layer | None:
        """A layer that refuses a call of a role on something of its own environment; None where all allow it."""
        crossing = self._crossing(role, asked)
        bounds = crossing.refused_by() - {"identity", "resource"}
        if bounds:
            return min(bounds)
        return None if self._decision(role, asked) == "allowed" else "identity"

    def request(self, role: Principal, asked: Asked) -> Request:
        """A call of a role as AWS sees it."""
        return self._crossing(role, asked).request

    def _decision(self, role: Principal, asked: Asked) -> str:
        crossing = self._crossing(role, asked)
        policy = crossing.target.policy
        # A key that is not made here has a policy that its owner writes.
        is_key = asked.action.startswith("kms:") and policy is not None
        identity = [each.content for each in role.policies]
        owner = self.environment.account.id
        return decide(crossing.request, identity, policy.content if policy else None, owner=owner, key=is_key)

    def _crossing(self, role: Principal, asked: Asked) -> Crossing:
        environment, stands_on = self.environment, asked.resource
        if ":s3:::" in stands_on:
            stands_on = stands_on.partition("/")[0]
        found = (each.policy for each in environment.targets if each.arn == stands_on)
        target = Target("object", asked.resource, next(found, None))
        context = {"aws:ResourceAccount": self._owner(asked.resource), **asked.context}
        return Crossing(environment, role, environment, target, asked.action, context)

    def _owner(self, resource: str) -> str:
        parts = resource.split(":")
        if len(parts) > _ACCOUNT_PLACE and len(parts[_ACCOUNT_PLACE]) == _ACCOUNT_DIGITS:
            return parts[_ACCOUNT_PLACE]
        of_aws = any(resource.startswith(f"{each}/") for each in buckets_of_aws(self.environment.account))
        return _AWS_ACCOUNT if of_aws else self.environment.account.id


def own_work_of(stack: str, settings: Settings, deployment: Mapping[str, Any], bootstrap: Mapping[str, Any]) -> OwnWork:
    """Who works in an environment, by its settings and its deployment.

    Args:
        stack: name of the environment.
        settings: what it is made of.
        deployment: as `pulumi stack export` has it.
        bootstrap: the same of the account's bootstrap.
    """
    fields = fields_of(deployment["resources"])
    return OwnWork(environment_of(stack, deployment, bootstrap), programs(settings), fields, tuple(settings.teams))


def _all_that_could_be_done(asked: Asked) -> Iterator[tuple[str, str]]:
    """The call itself, and on an object whatever somebody else could do to it."""
    yield asked.action, asked.resource
    if ":s3:::" in asked.resource and "/" in asked.resource:
        yield from ((action, asked.resource) for action in ACTIONS["object"])


def _is_shared(action: str, resource: str) -> bool:
    return any(action.startswith(start) and part in resource for start, part in SHARED)
