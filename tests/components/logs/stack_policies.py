"""Every policy of a stack that has to do with logs, as its program registers them, and what AWS decides by them."""

import json
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockResourceArgs

from components.settings import STACKS
from offline.checks.iam.evaluation import Decision, Policy, Request, decide
from tests.recorder import Recorder, record
from tests.stack_files import settings_tree

CLUSTER = "eks:index:Cluster"


@dataclass(frozen=True)
class StackPolicies:
    """Identity policies of all roles, policies of the log buckets and of their key.

    Args:
        environment: name of the stack.
        account: its account id.
        identity: role name to its inline policies.
        trust: role name to its trust policy.
        buckets: purpose of a log bucket to its policy.
        key: policy of the log buckets' key.
    """

    environment: str
    account: str
    identity: Mapping[str, list[Policy]]
    trust: Mapping[str, Policy]
    buckets: Mapping[str, Policy]
    key: Policy

    def bucket(self, purpose: str) -> str:
        """ARN of a log bucket."""
        return f"arn:aws:s3:::moka-{self.environment}-{purpose}-{self.account}-us-east-1"

    def role(self, name: str) -> str:
        """ARN of a role of the account."""
        return f"arn:aws:iam::{self.account}:role/{name}"

    def decide(
        self,
        who: str,
        action: str,
        purpose: str,
        key: str | None = None,
        context: Mapping[str, str] | None = None,
        *,
        also: Sequence[Policy] = (),
    ) -> Decision:
        """What AWS decides about a role's request to a log bucket, or to an object in it.

        Args:
            who: name of a role of the account, an ARN, or a service.
            action: such as s3:PutObject.
            purpose: the bucket.
            key: key of the object; None for the bucket itself.
            context: condition keys of the request.
            also: identity policies beyond those that the stack gives the role.
        """
        principal = who if ":" in who or who.endswith(".com") else self.role(who)
        target = self.bucket(purpose) + (f"/{key}" if key else "")
        request = Request(principal, action, target, context or {})
        return decide(request, [*self.identity.get(who, []), *also], self.buckets[purpose], owner=self.account)


@cache
def policies_of(stack: str) -> StackPolicies:
    """Run a stack's program and keep its policies."""
    account = settings_tree(stack)["account_id"]

    def role(args: MockResourceArgs) -> dict[str, Any]:
        name = args.inputs.get("name", args.name)
        return {"arn": f"arn:aws:iam::{account}:role/{name}", "name": name}

    def cluster(_: MockResourceArgs) -> dict[str, Any]:
        authority = {"server": "https://cluster.example", "certificate-authority-data": "Y2E="}
        return {"kubeconfig": {"clusters": [{"name": "kubernetes", "cluster": authority}]}}

    def build() -> None:
        pulumi.runtime.set_all_config(
            {"moka:settings": json.dumps(settings_tree(stack)), "moka:example-values": "accepted"}
        )
        runpy.run_path(str(STACKS.parent / "__main__.py"), run_name="__main__")

    recorded = record(
        build, Recorder(outputs={CLUSTER: cluster, "aws:iam/role:Role": role}, stack=stack, account_id=account)
    )
    identity: dict[str, list[Policy]] = {}
    for each in recorded.of("aws:iam/rolePolicy:RolePolicy"):
        identity.setdefault(each.inputs["role"], []).append(json.loads(each.inputs["policy"]))
    return StackPolicies(
        stack,
        account,
        identity,
        {
            each.inputs.get("name", each.name): json.loads(each.inputs["assumeRolePolicy"])
            for each in recorded.of("aws:iam/role:Role")
        },
        {each.name: json.loads(each.inputs["policy"]) for each in recorded.of("aws:s3/bucketPolicy:BucketPolicy")},
        json.loads(recorded.named("aws:kms/key:Key", "log-buckets").inputs["policy"]),
    )
