"""What previews and refreshes read: how resources are set up, and nothing of what they hold.

No log line, no object of a bucket but an empty mark, no metric, no message, no image and no secret. Which call is made
for what stands in `offline/permissions`; tests hold both directions.
"""

from components.account import Account
from components.bootstrap.places import Places
from components.identity.policies import Document, actions, document, statement


def read_policies(account: Account) -> dict[str, Document]:
    """Purpose to policy; together they are what reading the whole environment takes.

    Args:
        account: the environment's account.
    """
    places = Places(account)
    return {"read-foundations": _foundations(places), "read-services": _services(places)}


def _foundations(places: Places) -> Document:
    account = places.account
    return document(
        # None of them takes a resource.
        statement(
            "DescribeNetwork",
            actions(
                "ec2",
                "DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones DescribeFlowLogs "
                "DescribeInternetGateways DescribeLaunchTemplateVersions DescribeLaunchTemplates DescribeNatGateways "
                "DescribeNetworkAcls DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules "
                "DescribeSecurityGroups DescribeSubnets DescribeVpcEndpoints DescribeVpcs",
            ),
            ["*"],
        ),
        statement("DescribeVpcs", actions("ec2", "DescribeVpcAttribute"), places.everything_of("ec2", "vpc/")),
        statement(
            "DescribeLoadBalancers",
            actions(
                "elasticloadbalancing",
                "DescribeCapacityReservation DescribeListenerAttributes DescribeListeners "
                "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags DescribeTargetGroupAttributes "
                "DescribeTargetGroups",
            ),
            ["*"],
        ),
        statement(
            "LookUp",
            [
                "autoscaling:DescribeAutoScalingGroups",
                "eks:DescribeAddonVersions",
                "eks:ListClusters",
                "kms:ListAliases",
                "sts:GetCallerIdentity",
            ],
            ["*"],
        ),
        statement(
            "DescribeCluster",
            actions(
                "eks",
                "DescribeAccessEntry DescribeAddon DescribeCluster DescribeNodegroup DescribePodIdentityAssociation "
                "ListAssociatedAccessPolicies",
            ),
            places.of_cluster("access-entry", "addon", "nodegroup", "podidentityassociation"),
        ),
        statement(
            "DescribeRoles",
            actions("iam", "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies"),
            [places.roles],
        ),
        statement("DescribeInstanceProfiles", actions("iam", "GetInstanceProfile"), [places.instance_profiles]),
        statement(
            "DescribeKeys",
            actions("kms", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
            places.everything_of("kms", "key/"),
        ),
        statement(
            "DescribeBuckets",
            # Amazon S3 asks for s3:ListBucket where somebody looks whether a bucket is there.
            actions(
                "s3",
                "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging "
                "GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy "
                "GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning "
                "GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration "
                "ListBucket ListTagsForResource",
            ),
            [places.buckets],
        ),
        statement("DescribeMarks", actions("s3", "GetObject GetObjectTagging"), [places.directory_marks]),
        statement(
            "DecryptMarks",
            ["kms:Decrypt"],
            places.everything_of("kms", "key/"),
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


def _services(places: Places) -> Document:
    return document(
        # None of them takes a resource, or they list.
        statement(
            "ListServices",
            [
                *actions(
                    "ecr",
                    "DescribePullThroughCacheRules DescribeRepositoryCreationTemplates "
                    "GetRegistryScanningConfiguration",
                ),
                *actions("logs", "DescribeLogGroups DescribeResourcePolicies"),
                "cloudtrail:DescribeTrails",
            ],
            ["*"],
        ),
        statement(
            "DescribeRepositories",
            actions("ecr", "DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource"),
            places.everything_of("ecr", "repository/"),
        ),
        statement("DescribeLogGroups", actions("logs", "ListTagsForResource"), places.log_groups),
        statement("DescribeFilters", actions("logs", "DescribeMetricFilters"), places.control_plane_log_group),
        statement(
            "DescribeAlarms",
            actions("cloudwatch", "DescribeAlarms ListTagsForResource"),
            places.everything_of("cloudwatch", "alarm:"),
        ),
        statement(
            "DescribeEvents",
            actions("events", "DescribeRule ListTagsForResource ListTargetsByRule"),
            places.everything_of("events", "rule/"),
        ),
        statement(
            "DescribeTopics",
            actions("sns", "GetSubscriptionAttributes GetTopicAttributes ListTagsForResource"),
            places.everything_of("sns", ""),
        ),
        statement(
            "DescribeQueues", actions("sqs", "GetQueueAttributes ListQueueTags"), places.everything_of("sqs", "")
        ),
        statement(
            "DescribePrometheus",
            actions(
                "aps",
                "DescribeAlertManagerDefinition DescribeLoggingConfiguration DescribeRuleGroupsNamespace "
                "DescribeWorkspace ListTagsForResource",
            ),
            places.everything_of("aps", "rulegroupsnamespace/", "workspace/"),
        ),
        statement(
            "DescribeGrafana",
            actions("grafana", "DescribeWorkspace DescribeWorkspaceConfiguration ListTagsForResource"),
            places.everything_of("grafana", "/workspaces/"),
        ),
        statement(
            "DescribeTables", actions("glue", "GetDatabase GetPartitionIndexes GetTable GetTags"), places.catalog
        ),
        statement(
            "DescribeWorkgroups", actions("athena", "GetNamedQuery GetWorkGroup ListTagsForResource"), places.workgroups
        ),
        statement(
            "DescribeDetection",
            actions("guardduty", "GetDetector ListTagsForResource"),
            places.everything_of("guardduty", "detector/"),
        ),
        statement(
            "DescribeTrail",
            actions("cloudtrail", "GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus ListTags"),
            places.trail,
        ),
    )
