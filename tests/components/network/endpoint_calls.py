"""Calls through the endpoints of a stack's VPC, as its endpoint policies decide them.

What a request carries as aws:ResourceAccount follows the IAM user guide, "AWS global condition context keys": the
owner of the resource. Whether a call that names no resource carries it is not said, so such a call is tried both ways.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from components.network.network import Network
from offline.checks.iam.evaluation import Decision, Policy, Request, passes
from tests.recorder import Recorder, record
from tests.stack_files import settings

VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
RESOURCE_ACCOUNT = "aws:ResourceAccount"
# Endpoint service to the prefix of its actions, where they differ.
PREFIXES = {"ecr.api": "ecr", "ecr.dkr": "ecr", "aps-workspaces": "aps"}


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of a stack.

    Args:
        service: last part of the endpoint service's name, such as ecr.api.
        account: the stack's account id.
        policy: its policy.
    """

    service: str
    account: str
    policy: Policy

    @property
    def prefix(self) -> str:
        """Prefix of the actions that go through it."""
        return PREFIXES.get(self.service, self.service)

    def decide(self, action: str, *, owner: str | None, role: str | None = None, resource: str = "*") -> Decision:
        """What the endpoint decides about a call.

        Args:
            action: such as eks:CreateCluster.
            owner: account of the resource, as the request carries it; None where it carries none.
            role: ARN of the caller; a role of the stack's account unless given.
            resource: ARN of what the call acts on.
        """
        context = {} if owner is None else {RESOURCE_ACCOUNT: owner}
        caller = role or f"arn:aws:iam::{self.account}:role/moka-deploy"
        return passes(Request(caller, action, resource, context), self.policy)


@cache
def endpoints_of(stack: str) -> tuple[Endpoint, ...]:
    """The endpoints that a stack's network makes."""
    tree = settings(stack)
    recorded: Recorder = record(
        lambda: Network("network", tree.network, tree.account, protect=tree.protect), Recorder(stack=stack)
    )
    found = recorded.of(VPC_ENDPOINT)
    endpoints = (
        Endpoint(
            each.inputs["serviceName"].split(f".{tree.region}.")[1], tree.account_id, json.loads(each.inputs["policy"])
        )
        for each in found
    )
    # They are registered side by side; every process of a test run has to see one order.
    return tuple(sorted(endpoints, key=lambda each: each.service))


def endpoints_for(stack: str, prefix: str) -> Iterator[Endpoint]:
    """The endpoints that actions with a prefix go through."""
    return (each for each in endpoints_of(stack) if each.prefix == prefix)
