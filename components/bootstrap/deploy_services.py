"""What a deployment changes of images, logs, alarms, events, topics, queues, metrics, tables and detection."""

from components.bootstrap.places import Places
from components.identity.policies import Document, actions, document, statement


def services_policy(places: Places) -> Document:
    """Services that need no machine of the environment's.

    Args:
        places: where the environment's resources are.
    """
    return document(
        # None of them takes a resource.
        statement(
            "ChangeRegistry",
            [
                *actions(
                    "ecr",
                    "CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule "
                    "DeleteRepositoryCreationTemplate PutRegistryScanningConfiguration UpdatePullThroughCacheRule "
                    "UpdateRepositoryCreationTemplate",
                ),
                "aps:CreateWorkspace",
                *actions(
                    "logs",
                    "CreateLogDelivery DeleteLogDelivery DeleteResourcePolicy GetLogDelivery ListLogDeliveries "
                    "PutResourcePolicy UpdateLogDelivery",
                ),
                "guardduty:CreateDetector",
                "grafana:CreateWorkspace",
                "organizations:DescribeOrganization",
                *actions(
                    "sso",
                    "CreateManagedApplicationInstance DeleteManagedApplicationInstance DescribeRegisteredRegions "
                    "GetSharedSsoConfiguration",
                ),
            ],
            ["*"],
        ),
        statement(
            "ChangeRepositories",
            actions(
                "ecr",
                "CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy "
                "PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy "
                "TagResource UntagResource",
            ),
            places.everything_of("ecr", "repository/"),
        ),
        # Amazon ECR logs in to the registry with it, to see that it is right.
        statement(
            "TryRegistryLogin",
            ["secretsmanager:GetSecretValue"],
            places.everything_of("secretsmanager", "secret:ecr-pullthroughcache/"),
        ),
        statement(
            "ChangeLogGroups",
            actions(
                "logs",
                "AssociateKmsKey CreateLogGroup DeleteLogGroup PutRetentionPolicy TagResource UntagResource",
            ),
            places.log_groups,
        ),
        statement(
            "ChangeFilters", actions("logs", "DeleteMetricFilter PutMetricFilter"), places.control_plane_log_group
        ),
        statement(
            "ChangeAlarms",
            actions("cloudwatch", "DeleteAlarms PutMetricAlarm TagResource UntagResource"),
            places.everything_of("cloudwatch", "alarm:"),
        ),
        statement(
            "ChangeEvents",
            actions("events", "DeleteRule PutRule PutTargets RemoveTargets TagResource UntagResource"),
            places.everything_of("events", "rule/"),
        ),
        statement(
            "ChangeTopics",
            actions(
                "sns",
                "CreateTopic DeleteTopic SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource "
                "Unsubscribe UntagResource",
            ),
            places.everything_of("sns", ""),
        ),
        statement(
            "ChangeQueues",
            actions("sqs", "CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue"),
            places.everything_of("sqs", ""),
        ),
        statement(
            "ChangePrometheus",
            actions(
                "aps",
                "CreateAlertManagerDefinition CreateLoggingConfiguration CreateRuleGroupsNamespace "
                "DeleteAlertManagerDefinition DeleteLoggingConfiguration DeleteRuleGroupsNamespace DeleteWorkspace "
                "PutAlertManagerDefinition PutRuleGroupsNamespace TagResource UntagResource "
                "UpdateLoggingConfiguration UpdateWorkspaceAlias",
            ),
            places.everything_of("aps", "rulegroupsnamespace/", "workspace/"),
        ),
        statement(
            "ChangeGrafana",
            actions(
                "grafana", "DeleteWorkspace TagResource UntagResource UpdateWorkspace UpdateWorkspaceConfiguration"
            ),
            places.everything_of("grafana", "/workspaces/"),
        ),
        statement(
            "ChangeTables",
            actions(
                "glue",
                "CreateDatabase CreateTable DeleteDatabase DeleteTable TagResource UntagResource UpdateDatabase "
                "UpdateTable",
            ),
            places.catalog,
        ),
        statement(
            "ChangeWorkgroups",
            actions(
                "athena",
                "CreateNamedQuery CreateWorkGroup DeleteNamedQuery DeleteWorkGroup TagResource UntagResource "
                "UpdateWorkGroup",
            ),
            places.workgroups,
        ),
        statement(
            "ChangeDetection",
            actions("guardduty", "DeleteDetector TagResource UntagResource UpdateDetector"),
            places.everything_of("guardduty", "detector/"),
        ),
        statement(
            "ChangeTrail",
            actions(
                "cloudtrail",
                "AddTags CreateTrail DeleteTrail PutEventSelectors RemoveTags StartLogging StopLogging UpdateTrail",
            ),
            places.trail,
        ),
    )
