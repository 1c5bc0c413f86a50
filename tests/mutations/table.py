"""A change for each control of docs/security.md, after which the program does not do it any more."""

from tests.mutations.mutation import Mutation

_CLUSTER = "components/cluster/cluster.py"
_GROUP = "components/cluster/node_group.py"
_RIGHTS = "components/teams/rights.py"
_POLICIES = "components/workloads/network_policy.py"
_BUCKET = "components/buckets/log_bucket.py"
_SECURITY = "components/workloads/security.py"

MUTATIONS = (
    Mutation(1, _CLUSTER, 'LOG_TYPES = ["api", "audit", ', 'LOG_TYPES = ["api", '),
    Mutation(2, _CLUSTER, "            kms_key_id=self.key_arn,\n", ""),
    Mutation(3, _CLUSTER, "            enable_key_rotation=True,\n", ""),
    Mutation(4, _CLUSTER, "endpoint_public_access=bool(public_cidrs)", "endpoint_public_access=True"),
    Mutation(5, "components/network/network.py", "map_public_ip_on_launch=False", "map_public_ip_on_launch=True"),
    Mutation(6, _CLUSTER, "eks.AuthenticationMode.API,", "eks.AuthenticationMode.API_AND_CONFIG_MAP,"),
    Mutation(
        7,
        "components/cluster/transforms.py",
        '"bootstrapClusterCreatorAdminPermissions": False',
        '"bootstrapClusterCreatorAdminPermissions": True',
    ),
    Mutation(
        8,
        "components/workloads/access.py",
        '            kind="ClusterRole",\n            name=object_name(role.metadata),\n',
        '            kind="ClusterRole",\n            name="cluster-admin",\n',
    ),
    Mutation(9, _RIGHTS, 'made = ("pods", "services",', 'made = ("pods", "secrets", "services",'),
    Mutation(10, _RIGHTS, '_rule("", ["pods/portforward"], ["create"])', '_rule("", ["pods/portforward"], ["*"])'),
    Mutation(
        11,
        "components/logs/cluster_events.py",
        "def event_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:",
        "def event_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:\n"
        "    return [kubernetes.rbac.v1.PolicyRuleArgs("
        'api_groups=[""], resources=["pods"], verbs=["create"])]\n\n\n'
        "def _event_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:",
    ),
    Mutation(
        12,
        "components/workloads/namespace.py",
        "automount_service_account_token=False",
        "automount_service_account_token=True",
    ),
    Mutation(
        13,
        _RIGHTS,
        '        _rule("", ["pods/portforward"], ["create"]),\n',
        '        _rule("", ["pods/portforward"], ["create"]),\n'
        '        _rule("rbac.authorization.k8s.io", ["roles"], ["escalate"]),\n',
    ),
    Mutation(
        14,
        _RIGHTS,
        '_rule("", ["pods/log"], ["get"])]',
        '_rule("", ["pods/log"], ["get"]), _rule("", ["serviceaccounts/token"], ["create"])]',
    ),
    Mutation(15, _SECURITY, 'for mode in ("enforce", "warn", "audit")', 'for mode in ("warn", "audit")'),
    Mutation(16, _SECURITY, "run_as_non_root=True", "run_as_non_root=False"),
    Mutation(
        17,
        "components/cluster/eks_arguments.py",
        '{"enableNetworkPolicy": "true"}',
        '{"enableNetworkPolicy": "false"}',
    ),
    Mutation(
        18,
        _POLICIES,
        "ingress=[Net.NetworkPolicyIngressRuleArgs(from_=[Net.NetworkPolicyPeerArgs(pod_selector=every_pod)])]",
        "ingress=[Net.NetworkPolicyIngressRuleArgs()]",
    ),
    Mutation(
        19,
        _POLICIES,
        "from_=[Net.NetworkPolicyPeerArgs(pod_selector=every_pod)]",
        "from_=[Net.NetworkPolicyPeerArgs(namespace_selector=every_pod)]",
    ),
    Mutation(20, _POLICIES, "to=[_addresses(EVERYWHERE, LINK_LOCAL)]", "to=[_addresses(EVERYWHERE)]"),
    Mutation(
        21,
        "components/workloads/containers.py",
        "    ] + [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in values.items()]",
        "    ] + [\n"
        "        kubernetes.core.v1.EnvVarArgs(\n"
        "            name=name,\n"
        "            value_from=kubernetes.core.v1.EnvVarSourceArgs(\n"
        "                secret_key_ref=kubernetes.core.v1.SecretKeySelectorArgs(name='a', key=name)\n"
        "            ),\n"
        "        )\n"
        "        for name in values\n"
        "    ]",
    ),
    Mutation(
        22,
        "components/workloads/workload.py",
        "name=name or self.name, namespace=self.namespace,",
        'name=name or self.name, namespace="default",',
    ),
    Mutation(
        23,
        "components/images/image_registry.py",
        'image_tag_mutability="IMMUTABLE"',
        'image_tag_mutability="MUTABLE"',
    ),
    Mutation(
        24,
        "components/cluster/node_role.py",
        '"AmazonEC2ContainerRegistryPullOnly")',
        '"AmazonEC2ContainerRegistryPowerUser")',
    ),
    Mutation(
        25,
        "components/images/admission_policy.py",
        'rules = [("foreign", foreign), *(',
        "rules = [*(",
    ),
    Mutation(
        26,
        "components/identity/policies.py",
        '                "ArnEquals": {"aws:SourceArn": account.cluster_arn},\n',
        "",
    ),
    Mutation(
        27,
        "components/spark/policies.py",
        'directory = f"{account.bucket_arn(bucket)}/{directory_of(namespace)}"',
        'directory = f"{account.bucket_arn(bucket)}/{DIRECTORIES}/*"',
    ),
    Mutation(
        28,
        "components/cluster/node_role.py",
        '["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"]',
        '["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "s3:GetObject"]',
    ),
    Mutation(
        29, _GROUP, '"http_put_response_hop_limit": METADATA_HOPS', '"http_put_response_hop_limit": METADATA_HOPS + 1'
    ),
    Mutation(30, _GROUP, '"encrypted": "true"', '"encrypted": "false"'),
    Mutation(31, _GROUP, "            release_version=release,\n", ""),
    Mutation(32, _GROUP, "ami_type=AMI_TYPES[settings.architecture]", 'ami_type="AL2023_x86_64_STANDARD"'),
    Mutation(33, _GROUP, 'node_repair_config={"enabled": True}', 'node_repair_config={"enabled": False}'),
    Mutation(
        34,
        "components/capacity/interruptions.py",
        '"EC2 Spot Instance Interruption Warning"',
        '"EC2 Spot Instance Request Fulfillment"',
    ),
    Mutation(35, "components/cluster/node_config.py", "SHUTDOWN_SECONDS = 90", "SHUTDOWN_SECONDS = 180"),
    Mutation(36, "components/workloads/services.py", "max_unavailable=1,", "max_unavailable=0,"),
    Mutation(
        37,
        "components/workloads/scheduling.py",
        '"DoNotSchedule" if required else "ScheduleAnyway"',
        '"ScheduleAnyway"',
    ),
    Mutation(38, "components/workloads/priority.py", "{PLATFORM: 100_000,", "{PLATFORM: -100_000,"),
    Mutation(
        39,
        "components/teams/admission_policy.py",
        '    "without_memory": ("requests", "memory", "the queue and the nodes reckon with it"),\n',
        "",
    ),
    Mutation(
        40,
        "components/spark/files/spark-defaults.conf",
        "spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt  true",
        "spark.kubernetes.driver.annotation.karpenter.sh/do-not-disrupt  false",
    ),
    Mutation(41, "components/network/settings.py", '    ] = "per-zone"\n', '    ] = "single"\n'),
    Mutation(42, "components/rules/addresses.py", "if needed > available:", "if needed > 1000 * available:"),
    Mutation(43, "components/network/endpoints.py", '    "kms": own_account_only,\n', ""),
    Mutation(
        44,
        "components/network/endpoint_policies.py",
        'return {"StringEquals": {"aws:PrincipalAccount": account.id}}',
        'return {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}',
    ),
    Mutation(
        45,
        "components/cluster/security_groups.py",
        'description="Pods and nodes from each other"',
        'description=""',
    ),
    Mutation(46, "components/network/flow_logs.py", 'traffic_type="ALL"', 'traffic_type="REJECT"'),
    Mutation(
        47, "components/detection/trail.py", "enable_log_file_validation=True", "enable_log_file_validation=False"
    ),
    Mutation(
        48,
        "components/detection/guardduty.py",
        "def _status(is_on: bool) -> str:\n",
        "def _status(is_on: bool) -> str:\n    is_on = not is_on\n",
    ),
    Mutation(49, _BUCKET, "block_public_policy=True", "block_public_policy=False"),
    Mutation(
        50,
        "components/buckets/policies.py",
        '"DenyOtherAccounts",\n            ["s3:*"],',
        '"DenyOtherAccounts",\n            ["s3:GetBucketAcl"],',
    ),
    Mutation(
        51,
        "components/buckets/policies.py",
        "    if key_arn is not None:\n        statements.append(",
        "    if key_arn is None:\n        statements.append(",
    ),
    Mutation(52, "components/buckets/lifecycle.py", "INCOMPLETE_UPLOAD_DAYS = 7", "INCOMPLETE_UPLOAD_DAYS = 70"),
    Mutation(
        53,
        _BUCKET,
        "if settings.object_lock_days is not None and key_arn is not None:",
        "if settings.object_lock_days is None and key_arn is not None:",
    ),
    Mutation(
        54,
        "components/settings.py",
        "protect: Annotated[bool, OnChange(in_place())] = True",
        "protect: Annotated[bool, OnChange(in_place())] = False",
    ),
    Mutation(55, "components/aws_provider.py", "        allowed_account_ids=[account.id],\n", ""),
    Mutation(
        56,
        "components/organisation/policies.py",
        'actions = [f"{service}:*" for service in _SERVICES if service not in _WITHOUT_RESOURCE_CONTROL]',
        'actions = [f"{service}:*" for service in _SERVICES if service not in ("s3", *_WITHOUT_RESOURCE_CONTROL)]',
    ),
    Mutation(
        57,
        "components/environment.py",
        "class Environment(pulumi.ComponentResource):\n",
        "_other = pulumi.StackReference\n\n\nclass Environment(pulumi.ComponentResource):\n",
    ),
    Mutation(58, "components/aws_provider.py", '"Environment": account.environment, ', ""),
    Mutation(
        59,
        _CLUSTER,
        "pulumi.Output.secret(cluster.kubeconfig.apply(",
        "pulumi.Output.from_input(cluster.kubeconfig.apply(",
    ),
    Mutation(
        60,
        "components/identity/github.py",
        'f"repo:{repository}:environment:{environment}"',
        'f"repo:{repository}:environment:*"',
    ),
    Mutation(
        61,
        _GROUP,
        "            opts=pulumi.ResourceOptions(\n                parent=self,\n",
        "            opts=pulumi.ResourceOptions(\n                parent=self,\n"
        '                ignore_changes=["scalingConfig"],\n',
    ),
    Mutation(62, "components/monitoring/workspace.py", "            kms_key_arn=key.arn,\n", ""),
)
