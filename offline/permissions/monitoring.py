"""Calls of log groups, alarms, events, topics, queues, and of managed Prometheus and Grafana.

Source: CloudFormation's resource provider schemas, `handlers`, as pulumi/pulumi-aws-native carries them
(aws-cloudformation-schema, read at 43eed3b); hashicorp/terraform-provider-aws, internal/service/logs, cloudwatch,
events, sns, sqs, amp and grafana.
"""

from offline.permissions.calls import Calls, of

_TAGS = "TagResource UntagResource"
_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}"
_RULE = "arn:{partition}:events:{region}:{account}:rule/{rule}"
_WORKSPACE = "arn:{partition}:aps:{region}:{account}:workspace/{workspaceId}"
_VIA_PROMETHEUS = {"kms:ViaService": "aps.{region}.amazonaws.com"}
_DELIVERIES = "CreateLogDelivery GetLogDelivery ListLogDeliveries UpdateLogDelivery DeleteLogDelivery"


def _logs(names: str) -> tuple[str, ...]:
    return of("logs", names)


def _aps(names: str) -> tuple[str, ...]:
    return of("aps", names)


CALLS: dict[str, Calls] = {
    "aws:cloudwatch/logGroup:LogGroup": Calls(
        create=_logs("CreateLogGroup PutRetentionPolicy TagResource"),
        read=_logs("DescribeLogGroups ListTagsForResource"),
        update=_logs(f"AssociateKmsKey PutRetentionPolicy {_TAGS}"),
        delete=_logs("DeleteLogGroup"),
        # internal/service/logs: most calls take the ARN with the streams behind it, some without.
        on=("arn:{partition}:logs:{region}:{account}:log-group:{name}:*",),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Calls(
        create=_logs("PutMetricFilter"),
        read=_logs("DescribeMetricFilters"),
        update=_logs("PutMetricFilter"),
        delete=_logs("DeleteMetricFilter"),
        on=(_GROUP,),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Calls(
        create=_logs("PutResourcePolicy"),
        read=_logs("DescribeResourcePolicies"),
        update=_logs("PutResourcePolicy"),
        delete=_logs("DeleteResourcePolicy"),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Calls(
        create=of("cloudwatch", "PutMetricAlarm TagResource"),
        read=of("cloudwatch", "DescribeAlarms ListTagsForResource"),
        update=of("cloudwatch", f"PutMetricAlarm {_TAGS}"),
        delete=of("cloudwatch", "DeleteAlarms"),
    ),
    "aws:cloudwatch/eventRule:EventRule": Calls(
        create=of("events", "PutRule TagResource"),
        read=of("events", "DescribeRule ListTagsForResource"),
        update=of("events", f"PutRule {_TAGS}"),
        delete=of("events", "DeleteRule"),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Calls(
        create=of("events", "PutTargets"),
        read=of("events", "ListTargetsByRule"),
        update=of("events", "PutTargets"),
        delete=of("events", "RemoveTargets"),
        on=(_RULE,),
    ),
    "aws:sns/topic:Topic": Calls(
        create=of("sns", "CreateTopic TagResource"),
        read=of("sns", "GetTopicAttributes ListTagsForResource"),
        update=of("sns", f"SetTopicAttributes {_TAGS}"),
        delete=of("sns", "DeleteTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Calls(
        create=of("sns", "SetTopicAttributes"),
        read=of("sns", "GetTopicAttributes"),
        update=of("sns", "SetTopicAttributes"),
        delete=of("sns", "SetTopicAttributes"),
    ),
    "aws:sns/topicSubscription:TopicSubscription": Calls(
        create=of("sns", "Subscribe"),
        # internal/service/sns/topic_subscription.go: one by e-mail has no ARN until it is confirmed.
        read=of("sns", "GetSubscriptionAttributes"),
        update=of("sns", "SetSubscriptionAttributes"),
        delete=of("sns", "Unsubscribe"),
        on=("{topic}",),
    ),
    "aws:sqs/queue:Queue": Calls(
        create=of("sqs", "CreateQueue TagQueue"),
        read=of("sqs", "GetQueueAttributes ListQueueTags"),
        update=of("sqs", "SetQueueAttributes TagQueue UntagQueue"),
        delete=of("sqs", "DeleteQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Calls(
        create=of("sqs", "SetQueueAttributes"),
        read=of("sqs", "GetQueueAttributes"),
        update=of("sqs", "SetQueueAttributes"),
        delete=of("sqs", "SetQueueAttributes"),
    ),
    "aws:amp/workspace:Workspace": Calls(
        create=(
            *_aps("CreateLoggingConfiguration CreateWorkspace TagResource"),
            *of("kms", "CreateGrant Decrypt DescribeKey GenerateDataKey"),
            *_logs("CreateLogDelivery DescribeLogGroups DescribeResourcePolicies PutResourcePolicy"),
        ),
        read=_aps("DescribeLoggingConfiguration DescribeWorkspace ListTagsForResource"),
        update=(
            *_aps(f"DeleteLoggingConfiguration UpdateLoggingConfiguration UpdateWorkspaceAlias {_TAGS}"),
            *_logs(_DELIVERIES),
        ),
        delete=(*_aps("DeleteLoggingConfiguration DeleteWorkspace"), "logs:DeleteLogDelivery"),
        context={"kms:Decrypt": _VIA_PROMETHEUS, "kms:GenerateDataKey": _VIA_PROMETHEUS},
    ),
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": Calls(
        create=_aps("CreateRuleGroupsNamespace TagResource"),
        read=_aps("DescribeRuleGroupsNamespace ListTagsForResource"),
        update=_aps(f"PutRuleGroupsNamespace {_TAGS}"),
        delete=_aps("DeleteRuleGroupsNamespace"),
        on=(_WORKSPACE,),
    ),
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": Calls(
        create=_aps("CreateAlertManagerDefinition"),
        read=_aps("DescribeAlertManagerDefinition"),
        update=_aps("PutAlertManagerDefinition"),
        delete=_aps("DeleteAlertManagerDefinition"),
        on=(_WORKSPACE,),
    ),
    "aws:grafana/workspace:Workspace": Calls(
        create=(
            *of("grafana", "CreateWorkspace TagResource"),
            # Amazon Managed Grafana user guide, "Managing access": a workspace is an application of Identity Center.
            *of("sso", "CreateManagedApplicationInstance DescribeRegisteredRegions GetSharedSsoConfiguration"),
            "organizations:DescribeOrganization",
            "iam:PassRole",
        ),
        read=of("grafana", "DescribeWorkspace DescribeWorkspaceConfiguration ListTagsForResource"),
        update=(
            *of("grafana", f"UpdateWorkspace UpdateWorkspaceConfiguration {_TAGS}"),
            "iam:PassRole",
        ),
        delete=(*of("grafana", "DeleteWorkspace"), *of("sso", "DeleteManagedApplicationInstance")),
        passes_to=("grafana.amazonaws.com",),
    ),
}
