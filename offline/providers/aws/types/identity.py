"""IAM roles, policies and instance profiles, and KMS keys."""

from collections.abc import Mapping
from typing import Any

from offline.providers.aws.row import AwsType, arn, call, global_arn


def _target_key_arn(names: Mapping[str, Any]) -> str:
    target = str(names["targetKeyId"])
    key = f"arn:{names['partition']}:kms:{names['region']}:{names['account']}:key/{target}"
    return target if target.startswith("arn:") else key


def _token_provider_arn(names: Mapping[str, Any]) -> str:
    host = str(names["url"]).removeprefix("https://")
    return f"arn:{names['partition']}:iam::{names['account']}:oidc-provider/{host}"


TYPES: dict[str, AwsType] = {
    "aws:iam/role:Role": AwsType(
        cloudformation="AWS::IAM::Role",
        calls=(call("iam", "CreateRole", {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}),),
        provider_only=frozenset({"forceDetachPolicies"}),
        identifier="{name}",
        arn=global_arn("iam", "role{path}{name}"),
        name="name",
        name_limit=64,
        outputs={"uniqueId": "AROA{letters:17}", "createDate": "{created}", "maxSessionDuration": 3600},
        renamed={
            "name": "RoleName",
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "inlinePolicies": "Policies",
            "inlinePolicies.name": "PolicyName",
            "inlinePolicies.policy": "PolicyDocument",
        },
        regional=False,
    ),
    "aws:iam/rolePolicy:RolePolicy": AwsType(
        cloudformation="AWS::IAM::RolePolicy",
        calls=(call("iam", "PutRolePolicy", {"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"}),),
        identifier="{role}:{name}",
        name="name",
        name_limit=128,
        renamed={"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"},
        regional=False,
    ),
    "aws:iam/policy:Policy": AwsType(
        cloudformation="AWS::IAM::ManagedPolicy",
        calls=(call("iam", "CreatePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}),),
        identifier="{arn}",
        arn=global_arn("iam", "policy{path}{name}"),
        name="name",
        name_limit=128,
        outputs={"policyId": "ANPA{letters:17}", "attachmentCount": 0},
        renamed={"name": "ManagedPolicyName", "policy": "PolicyDocument"},
        taggable=True,
        regional=False,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": AwsType(
        calls=(call("iam", "AttachRolePolicy", {"role": "RoleName"}),),
        identifier="{role}-{digits:26}",
        replaces=frozenset({"role", "policyArn"}),
        regional=False,
    ),
    "aws:iam/instanceProfile:InstanceProfile": AwsType(
        cloudformation="AWS::IAM::InstanceProfile",
        calls=(call("iam", "CreateInstanceProfile", {"name": "InstanceProfileName"}),),
        identifier="{name}",
        arn=global_arn("iam", "instance-profile{path}{name}"),
        name="name",
        name_limit=128,
        outputs={"uniqueId": "AIPA{letters:17}", "createDate": "{created}"},
        renamed={"name": "InstanceProfileName", "role": "Roles"},
        taggable=True,
        regional=False,
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": AwsType(
        cloudformation="AWS::IAM::OIDCProvider",
        calls=(
            call(
                "iam",
                "CreateOpenIDConnectProvider",
                {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
            ),
        ),
        identifier="{arn}",
        arn=_token_provider_arn,
        outputs={"thumbprintLists": ["{hex:40}"]},
        renamed={"clientIdLists": "ClientIdList", "thumbprintLists": "ThumbprintList"},
        regional=False,
    ),
    "aws:kms/key:Key": AwsType(
        cloudformation="AWS::KMS::Key",
        calls=(
            call("kms", "CreateKey", {"customerMasterKeySpec": "KeySpec"}),
            call("kms", "EnableKeyRotation", filled=frozenset({"KeyId"})),
            call(
                "kms",
                "ScheduleKeyDeletion",
                {"deletionWindowInDays": "PendingWindowInDays"},
                filled=frozenset({"KeyId"}),
            ),
        ),
        identifier="{uuid}",
        arn=arn("kms", "key/{id}"),
        outputs={"keyId": "{id}"},
        renamed={
            "policy": "KeyPolicy",
            "isEnabled": "Enabled",
            "customerMasterKeySpec": "KeySpec",
            "deletionWindowInDays": "PendingWindowInDays",
        },
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/kms/key.go
        replaces=frozenset({"multiRegion", "customerMasterKeySpec", "keyUsage", "customKeyStoreId", "xksKeyId"}),
    ),
    "aws:kms/alias:Alias": AwsType(
        cloudformation="AWS::KMS::Alias",
        calls=(call("kms", "CreateAlias", {"name": "AliasName"}),),
        identifier="{name}",
        arn=arn("kms", "{name}"),
        name="name",
        name_limit=256,
        name_prefix="alias/",
        outputs={"targetKeyArn": _target_key_arn},
        renamed={"name": "AliasName"},
    ),
}
