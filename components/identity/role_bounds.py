"""How far a role of the program may ever go, whoever makes it: its name and its permissions boundary.

Whoever deploys may make roles, so what a role may do has to be bounded by something that they can't change: the
bootstrap's boundary, without which its deploy role may not make one (`components/bootstrap/boundaries.py`).
"""

from collections.abc import Callable

import pulumi

from components.account import Account
from components.bootstrap.names import ROLE_BOUNDARY, own_prefix, policy_arn

ROLE = "aws:iam/role:Role"
INSTANCE_PROFILE = "aws:iam/instanceProfile:InstanceProfile"
# hashicorp/terraform-provider-aws, internal/service/iam: a prefix leaves 26 characters of the 64 of a role's name.
LONGEST_PREFIX = 38

Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]


def role_bounds(account: Account) -> Transform:
    """A transform that gives every role its boundary, and roles and instance profiles a name of the environment.

    Engine transforms reach the children of a remote component, such as the control plane's role. Who names its role
    itself keeps that name, and so does a role that was made before there was a prefix.

    Args:
        account: the environment's account.
    """

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ not in (ROLE, INSTANCE_PROFILE):
            return None
        props = {**args.props}
        if props.get("name") is None:
            props["namePrefix"] = name_prefix(args.name, account)
        if args.type_ == ROLE:
            props["permissionsBoundary"] = policy_arn(ROLE_BOUNDARY, account)
        # A role that has another name already keeps it: with the control plane's role its cluster would be replaced.
        kept = pulumi.ResourceOptions(ignore_changes=["namePrefix"])
        return pulumi.ResourceTransformResult(props=props, opts=pulumi.ResourceOptions.merge(args.opts, kept))

    return transform


def name_prefix(name: str, account: Account) -> str:
    """What the physical name of a role or an instance profile begins with.

    Args:
        name: logical name.
        account: the environment's account.
    """
    return f"{own_prefix(account)}{name}-"[: LONGEST_PREFIX - 1].rstrip("-") + "-"
