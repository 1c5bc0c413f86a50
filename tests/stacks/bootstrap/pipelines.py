"""The roles of pipelines in one environment: what they ask for, and what AWS decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.bootstrap.names import DEPLOY_ROLE, PREVIEW_ROLE
from components.identity.programs.call import Asked
from offline.checks.iam.evaluation import Decision, bounded, decide
from offline.isolation.environment import Principal
from offline.isolation.own_work import OwnWork
from offline.permissions.calls import OPERATIONS, Operation
from offline.permissions.requests import requests_of
from offline.permissions.state import state_requests

DONE: Mapping[str, tuple[Operation, ...]] = {DEPLOY_ROLE: OPERATIONS, PREVIEW_ROLE: ("read",)}


@dataclass(frozen=True)
class Pipelines:
    """An environment and its bootstrap.

    Args:
        work: the environment as policies see it.
        resources: what `up` makes of it.
        bootstrap: what `up` makes of its account's bootstrap.
    """

    work: OwnWork
    resources: Sequence[Mapping[str, Any]]
    bootstrap: Sequence[Mapping[str, Any]]

    def role(self, name: str) -> Principal:
        """A role of the bootstrap."""
        (found,) = (each for each in self.work.environment.principals if each.deploys and each.name == name)
        return found

    def made(self, kind: str, name: str) -> Mapping[str, Any]:
        """Outputs of what the bootstrap makes."""
        (found,) = (each for each in self.bootstrap if each["type"] == kind and each["urn"].endswith(f"::{name}"))
        return found["outputs"]

    @property
    def key_arn(self) -> str:
        """ARN of the key of the state."""
        return str(self.made("aws:kms/key:Key", "state")["arn"])

    @property
    def bucket_arn(self) -> str:
        """ARN of the state bucket."""
        return str(self.made("aws:s3/bucket:Bucket", "state")["arn"])

    def asked(self, name: str) -> list[Asked]:
        """Everything that a role asks for in this environment."""
        account = self.work.environment.account
        writes = name == DEPLOY_ROLE
        return [
            *requests_of(self.resources, account, DONE[name]),
            *state_requests(account, self.bucket_arn, self.key_arn, writes=writes),
        ]

    def by_its_own(self, name: str, asked: Asked) -> Decision:
        """What identity policies and boundary of a role say to a request, without any other layer."""
        role = self.role(name)
        request = self.work.request(role, asked)
        said = decide(request, [each.content for each in role.policies], owner=self.work.environment.account.id)
        if said != "allowed" or role.boundary is None:
            return said
        return bounded(request, [role.boundary.content], named=False)
