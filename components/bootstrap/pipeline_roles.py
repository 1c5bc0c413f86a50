"""The roles of pipelines: one that previews, one that deploys, and what bounds them and whatever they make."""

import json
from collections.abc import Callable, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.bootstrap.boundaries import pipeline_boundary, role_boundary
from components.bootstrap.deploy_policies import deploy_policies
from components.bootstrap.names import DEPLOY_ROLE, PIPELINE_BOUNDARY, PREVIEW_ROLE, ROLE_BOUNDARY
from components.bootstrap.read_policies import read_policies
from components.bootstrap.settings import BootstrapSettings
from components.bootstrap.state_policies import read_state, write_state
from components.bootstrap.trust import deploy_trust, preview_trust
from components.identity.policies import Document

# As long as the longest deployment: a control plane, its add-ons and its nodes take most of an hour.
DEPLOY_SECONDS = 2 * 60 * 60
PREVIEW_SECONDS = 60 * 60


class PipelineRoles(pulumi.ComponentResource):
    """A role for previews, which writes nothing, and one for deployments, both within a boundary.

    Args:
        settings: which pipelines may become them.
        key_arn: ARN of the key of the state.
        after: what vouches for pipelines, which is there before anybody trusts it.

    Outputs:
        deploy_role_arn: ARN of the role that `pulumi up` and `pulumi destroy` run as.
        preview_role_arn: ARN of the role that `pulumi preview` runs as.
        role_boundary_arn: ARN of the boundary that every role of the environment carries.

    Source: AWS IAM user guide, "Permissions boundaries for IAM entities" and "IAM and AWS STS quotas".
    """

    deploy_role_arn: pulumi.Output[str]
    preview_role_arn: pulumi.Output[str]
    role_boundary_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: BootstrapSettings,
        *,
        key_arn: pulumi.Input[str],
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:PipelineRoles", name, None, opts)
        self._account, self._key_arn = settings.account, pulumi.Output.from_input(key_arn)
        self._child = pulumi.ResourceOptions(parent=self)
        self._after = pulumi.ResourceOptions(parent=self, depends_on=list(after))
        account = settings.account
        self.role_boundary_arn = self._of_key(ROLE_BOUNDARY, lambda key: role_boundary(account, key))
        boundary = self._of_key(PIPELINE_BOUNDARY, lambda key: pipeline_boundary(account, key))
        reading = {purpose: self._policy(f"moka-{purpose}", each) for purpose, each in read_policies(account).items()}
        changing = {
            purpose: self._policy(f"moka-{purpose}", each)
            for purpose, each in deploy_policies(account, empties_buckets=settings.empties_buckets).items()
        }
        self.preview_role_arn = self._role(
            PREVIEW_ROLE,
            "Previews of pipelines: reads how the environment is set up, and writes nothing",
            preview_trust(settings),
            session_seconds=PREVIEW_SECONDS,
            policies={**reading, "read-state": self._of_key("moka-read-state", lambda key: read_state(account, key))},
            boundary=boundary,
        )
        self.deploy_role_arn = self._role(
            DEPLOY_ROLE,
            "Deployments of pipelines",
            deploy_trust(settings),
            session_seconds=DEPLOY_SECONDS,
            policies={
                **reading,
                **changing,
                "write-state": self._of_key("moka-write-state", lambda key: write_state(account, key)),
            },
            boundary=boundary,
        )
        self.register_outputs({"deploy_role_arn": self.deploy_role_arn, "preview_role_arn": self.preview_role_arn})

    def _role(
        self,
        role_name: str,
        description: str,
        trust: Document,
        *,
        session_seconds: int,
        policies: Mapping[str, pulumi.Output[str]],
        boundary: pulumi.Output[str],
    ) -> pulumi.Output[str]:
        role = aws.iam.Role(
            role_name,
            # Workflows, access entries of clusters and trust of others name it.
            name=role_name,
            description=description,
            assume_role_policy=json.dumps(trust),
            max_session_duration=session_seconds,
            permissions_boundary=boundary,
            opts=self._after,
        )
        attachments = [
            aws.iam.RolePolicyAttachment(
                f"{role_name}-{purpose}", role=role.name, policy_arn=policy_arn, opts=self._child
            )
            for purpose, policy_arn in policies.items()
        ]
        # Whoever becomes it before it has all of its policies would stop half-way.
        return pulumi.Output.all(role.arn, *(each.id for each in attachments)).apply(lambda each: str(each[0]))

    def _of_key(self, policy_name: str, content: Callable[[str], Document]) -> pulumi.Output[str]:
        """A policy that names the key of the state."""
        return self._made(policy_name, self._key_arn.apply(lambda key: json.dumps(content(key))))

    def _policy(self, policy_name: str, content: Document) -> pulumi.Output[str]:
        return self._made(policy_name, json.dumps(content))

    def _made(self, policy_name: str, content: pulumi.Input[str]) -> pulumi.Output[str]:
        return aws.iam.Policy(policy_name, name=policy_name, policy=content, opts=self._child).arn
