"""Policies of the alert topic, of the key that encrypts it, and of whoever publishes from the cluster."""

from components.account import Account
from components.encryption import administered_by_account
from components.identity.policies import Condition, Document, document, statement

# What a publisher does with the key of an encrypted topic: Amazon SNS makes a data key and reads it back.
USE_OF_KEY = ("kms:GenerateDataKey", "kms:Decrypt")


def topic_policy(topic_arn: str, account: Account) -> Document:
    """Who publishes to the topic: this account's alarms and Prometheus workspaces, and over TLS alone.

    Principals of this account need no statement, since their own policies decide; other accounts have none.

    Args:
        topic_arn: ARN of the topic.
        account: the environment's account.

    Source: Amazon SNS developer guide, "Example cases for Amazon SNS access control"; Amazon Managed Service for
    Prometheus user guide, "Giving permission to send alert messages to your Amazon SNS topic".
    """
    return document(
        statement(
            "AlarmsOfThisAccount",
            ["sns:Publish"],
            [topic_arn],
            principal={"Service": account.service_principal("cloudwatch")},
            condition=_acting_for(account, account.arn("cloudwatch", "alarm:*")),
        ),
        statement(
            "PrometheusWorkspacesOfThisAccount",
            ["sns:Publish", "sns:GetTopicAttributes"],
            [topic_arn],
            principal={"Service": account.service_principal("aps")},
            condition=_acting_for(account, account.arn("aps", "workspace/*")),
        ),
        statement(
            "DenyWithoutTls",
            # Amazon SNS takes no wildcard in a topic's policy. These two are what a message can pass through.
            ["sns:Publish", "sns:Subscribe"],
            [topic_arn],
            effect="Deny",
            principal="*",
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )


def key_policy(account: Account) -> Document:
    """Policy of the topic's key: the account's own policies decide, and the two services may use it for this account.

    AWS's own key (alias/aws/sns) would refuse CloudWatch, and alarms would be lost without a word.

    Source: Amazon SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted
    topics", which names these two conditions. That Amazon Managed Service for Prometheus sends aws:SourceAccount to
    AWS KMS as it does to Amazon SNS is not documented and was not tried.
    """
    return document(
        administered_by_account(account),
        *(
            statement(
                sid,
                USE_OF_KEY,
                ["*"],
                principal={"Service": account.service_principal(service)},
                condition={"StringEquals": {"aws:SourceAccount": account.id}},
            )
            for sid, service in (
                ("AlarmsOfThisAccount", "cloudwatch"),
                ("PrometheusWorkspacesOfThisAccount", "aps"),
            )
        ),
    )


def publish_alerts(topic_arn: str, key_arn: str, account: Account) -> Document:
    """Permissions of a workload that publishes alerts, such as Alertmanager in the cluster.

    Args:
        topic_arn: ARN of the topic.
        key_arn: ARN of the key that encrypts it.
        account: the environment's account.

    Source: Amazon SNS developer guide, "Configuring AWS KMS permissions"; AWS KMS developer guide, "kms:ViaService".
    """
    return document(
        statement("PublishAlerts", ["sns:Publish"], [topic_arn]),
        statement(
            "EncryptAlerts",
            USE_OF_KEY,
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("sns")}},
        ),
    )


def _acting_for(account: Account, source_arn: str) -> Condition:
    return {"StringEquals": {"aws:SourceAccount": account.id}, "ArnLike": {"aws:SourceArn": source_arn}}
