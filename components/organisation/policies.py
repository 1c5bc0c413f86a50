"""What an organisation's owner attaches to an environment's account, as plain documents.

They stand outside of the program: policies of AWS Organizations belong to the organisation's management account, which
no environment's deploy role can enter. So what one environment's policies forget is refused all the same: the service
control policy binds whoever is in the account, its administrators among them, and the resource control policy binds
whoever asks for something that the account owns.

Leaves out the organisation, its units, and the attachment of the policies.

Source: AWS Organizations user guide, "Service control policies", "Resource control policies" with its list of services,
and "Resources and entities not restricted by RCPs": service-linked roles and the management account are bound by
neither; AWS IAM user guide, "Establish permissions guardrails using data perimeters".
"""

from collections.abc import Sequence

from components.account import Account
from components.identity.policies import Condition, Document, document, statement
from components.network.endpoint_policies import buckets_of_aws
from components.regions import region_of

# Services through whose resources data of an environment can be written from another account. Resource control
# policies know all of them but Amazon SNS, whose topics have their own policies and the service control policy.
_SERVICES = ("ecr", "kms", "s3", "secretsmanager", "sns", "sqs")
_WITHOUT_RESOURCE_CONTROL = ("sns",)
# Roles by which the management account and AWS Control Tower enter an account that they made.
# Source: AWS Organizations user guide, "Accessing member accounts"; AWS Control Tower user guide, "AWS Control Tower
# roles".
_ROLES_OF_MANAGEMENT = ("OrganizationAccountAccessRole", "AWSControlTowerExecution")
# What would blind those who watch the account, or undo a default that every bucket and disk in it relies on.
_CONTROLS = (
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "ec2:DeleteFlowLogs",
    "ec2:DisableEbsEncryptionByDefault",
    "guardduty:DeleteDetector",
    "guardduty:DisassociateFromAdministratorAccount",
    "guardduty:UpdateDetector",
    "s3:PutAccountPublicAccessBlock",
)


def service_control_policy(account: Account, administrator_arns: Sequence[str]) -> Document:
    """What nobody in the environment's account may do, whatever a policy in it grants.

    Args:
        account: the environment's account, which it is attached to.
        administrator_arns: ARNs of the roles that may change what the account is watched by: the deploy role, which
            makes and destroys flow logs, and those for emergencies.
    """
    return document(
        *own_resources_only(account),
        statement(
            "DenyChangesOfControls",
            _CONTROLS,
            ["*"],
            effect="Deny",
            condition={"ArnNotEquals": {"aws:PrincipalArn": sorted(administrator_arns)}},
        ),
        statement("DenyLeaving", ["organizations:LeaveOrganization"], ["*"], effect="Deny"),
    )


def own_resources_only(account: Account) -> list[Document]:
    """The denials of what other accounts own, but for what nodes read of AWS.

    They bound an account as a whole, and whoever carries them in a permissions boundary.

    Args:
        account: the environment's account.
    """
    elsewhere = _elsewhere("aws:ResourceAccount", [account.id])
    plain = [f"{service}:*" for service in _SERVICES if service not in ("ecr", "s3")]
    registries = [account.id, region_of(account.region).addon_registry]
    buckets = [part for arn in buckets_of_aws(account) for part in (arn, f"{arn}/*")]
    return [
        statement("DenyOtherAccountsResources", [*plain, "sts:AssumeRole"], ["*"], effect="Deny", condition=elsewhere),
        {
            **statement("DenyOtherAccountsBuckets", ["s3:*"], [], effect="Deny", condition=elsewhere),
            "NotResource": buckets,
        },
        statement(
            "DenyOtherAccountsRepositories",
            ["ecr:*"],
            ["*"],
            effect="Deny",
            condition=_elsewhere("aws:ResourceAccount", registries),
        ),
    ]


def resource_control_policy(account: Account) -> Document:
    """What nobody may do with the resources of the environment's account, whatever a policy of one of them grants.

    AWS services pass where they act for this account: a delivery that another account has set up names that account as
    its source.

    Args:
        account: the environment's account, which it is attached to.
    """
    actions = [f"{service}:*" for service in _SERVICES if service not in _WITHOUT_RESOURCE_CONTROL]
    people = {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": account.id},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    roles = [f"arn:{account.partition}:iam::*:role/{name}" for name in _ROLES_OF_MANAGEMENT]
    return document(
        statement("DenyOtherAccounts", actions, ["*"], effect="Deny", principal="*", condition=people),
        {
            **statement("DenyRolesToOtherAccounts", ["sts:AssumeRole"], [], effect="Deny", principal="*"),
            "NotResource": roles,
            "Condition": people,
        },
        statement(
            "DenyServicesThatActForOtherAccounts",
            actions,
            ["*"],
            effect="Deny",
            principal="*",
            condition={
                **_elsewhere("aws:SourceAccount", [account.id]),
                "Bool": {"aws:PrincipalIsAWSService": "true"},
            },
        ),
    )


def _elsewhere(key: str, accounts: Sequence[str]) -> Condition:
    """The key is there and names none of the accounts; a call that has no such key is not meant."""
    return {"StringNotEquals": {key: list(accounts)}, "Null": {key: "false"}}
