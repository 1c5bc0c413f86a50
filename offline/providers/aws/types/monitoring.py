"""CloudWatch log groups, filters, alarms and event rules; Amazon Managed Service for Prometheus."""

from offline.providers.aws.row import AwsType, arn, call

# Where a rule sends what it matches.
_TARGET = {
    "targetId": "Targets[0].Id",
    "arn": "Targets[0].Arn",
    "roleArn": "Targets[0].RoleArn",
    "input": "Targets[0].Input",
    "inputPath": "Targets[0].InputPath",
    "deadLetterConfig": "Targets[0].DeadLetterConfig",
    "retryPolicy": "Targets[0].RetryPolicy",
}
_ALARM = {
    "name": "AlarmName",
    "metricQueries": "Metrics",
    "metricQueries.metric": "MetricStat",
    "metricQueries.metric.metricName": "Metric.MetricName",
    "metricQueries.metric.namespace": "Metric.Namespace",
    "metricQueries.metric.dimensions": "Metric.Dimensions",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
}

TYPES: dict[str, AwsType] = {
    "aws:cloudwatch/logGroup:LogGroup": AwsType(
        cloudformation="AWS::Logs::LogGroup",
        calls=(
            call("logs", "CreateLogGroup", {"name": "logGroupName"}),
            call("logs", "PutRetentionPolicy", {"name": "logGroupName"}, filled=frozenset({"retentionInDays"})),
        ),
        identifier="{name}",
        arn=arn("logs", "log-group:{name}"),
        name="name",
        name_limit=512,
        outputs={"logGroupClass": "STANDARD"},
        renamed={"name": "LogGroupName"},
        # Events that never expire.
        unset={"retentionInDays": 0},
        replaces=frozenset({"logGroupClass"}),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": AwsType(
        cloudformation="AWS::Logs::MetricFilter",
        calls=(
            call(
                "logs",
                "PutMetricFilter",
                {
                    "name": "filterName",
                    "pattern": "filterPattern",
                    "metricTransformation": "metricTransformations",
                    "metricTransformation.name": "metricName",
                    "metricTransformation.namespace": "metricNamespace",
                    "metricTransformation.value": "metricValue",
                },
            ),
        ),
        identifier="{name}",
        name="name",
        name_limit=512,
        renamed={
            "name": "FilterName",
            "pattern": "FilterPattern",
            "metricTransformation": "MetricTransformations",
            "metricTransformation.name": "MetricName",
            "metricTransformation.namespace": "MetricNamespace",
            "metricTransformation.value": "MetricValue",
        },
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": AwsType(
        cloudformation="AWS::CloudWatch::Alarm",
        calls=(call("cloudwatch", "PutMetricAlarm", _ALARM),),
        identifier="{name}",
        arn=arn("cloudwatch", "alarm:{name}"),
        name="name",
        renamed=_ALARM,
    ),
    "aws:cloudwatch/eventRule:EventRule": AwsType(
        cloudformation="AWS::Events::Rule",
        calls=(call("events", "PutRule"),),
        identifier="{name}",
        arn=arn("events", "rule/{name}"),
        name="name",
        name_limit=64,
        replaces=frozenset({"eventBusName"}),
        taggable=True,
    ),
    "aws:cloudwatch/eventTarget:EventTarget": AwsType(
        calls=(call("events", "PutTargets", _TARGET, implied={"rule": {"Targets[0].Id": "offline"}}),),
        identifier="{rule}-{logical}",
        outputs={"targetId": "offline-{hex:17}"},
        replaces=frozenset({"rule", "eventBusName", "targetId"}),
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": AwsType(
        cloudformation="AWS::Logs::ResourcePolicy",
        calls=(call("logs", "PutResourcePolicy"),),
        identifier="{policyName}",
    ),
    "aws:amp/workspace:Workspace": AwsType(
        cloudformation="AWS::APS::Workspace",
        calls=(call("amp", "CreateWorkspace"),),
        identifier="ws-{uuid}",
        arn=arn("aps", "workspace/{id}"),
        outputs={"prometheusEndpoint": "https://aps-workspaces.{region}.{suffix}/workspaces/{id}/"},
    ),
    # CloudFormation names the workspace by its ARN, the provider and the API by its id.
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": AwsType(
        calls=(call("amp", "CreateRuleGroupsNamespace"),),
        identifier="{arn}",
        arn=arn("aps", "rulegroupsnamespace/{workspaceId}/{name}"),
        name="name",
        name_limit=128,
        replaces=frozenset({"workspaceId", "name"}),
        taggable=True,
    ),
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": AwsType(
        calls=(call("amp", "CreateAlertManagerDefinition", {"definition": "data"}),),
        identifier="{workspaceId}",
        replaces=frozenset({"workspaceId"}),
    ),
}
