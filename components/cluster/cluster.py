"""An environment's EKS control plane and how to reach it.

Leaves out nodes (`node_group.py`) and the add-ons that need them (`addons.py`).
"""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
from pulumi_kubernetes import Provider as KubernetesProvider

from components.account import Account
from components.cluster.access import plan_access
from components.cluster.addons import NodeAddons
from components.cluster.eks_arguments import access_entries, vpc_cni_options
from components.cluster.kubeconfig import Kubeconfig, endpoint_and_authority, kubeconfig
from components.cluster.security_groups import SecurityGroups
from components.cluster.settings import ClusterSettings
from components.cluster.transforms import control_plane_transform
from components.encryption import DELETION_WINDOW_DAYS, log_group_key_policy

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


class Cluster(pulumi.ComponentResource):
    """A control plane without nodes: its key, log group, security groups, access, and what nodes need at once.

    Args:
        name: logical name, such as cluster.
        settings: version, reach, access, retention, add-on versions.
        account: the environment's account, which names the cluster.
        vpc_id: the VPC.
        subnet_ids: the control-plane subnets, in two zones or more.
        members: Kubernetes group to the IAM roles that belong to it.
        after: the VPC's secondary blocks. A control plane learns of a block that comes later within an hour, and until
            then logs, exec, port forwarding and webhooks don't reach its nodes and pods.
        protect: refuse to delete or replace the cluster, its key and its log group; AWS refuses the cluster too.

    Outputs:
        name: name of the cluster, known once it can be used.
        endpoint: URL of the Kubernetes API.
        kubeconfig: secret; holds no token, but a command that gets one.
        kubernetes: provider for the cluster's objects.
        node_security_group_id: id of the security group of all nodes.
        key_arn: ARN of the key that encrypts Kubernetes secrets and control-plane logs.
        log_group_name: name of the CloudWatch log group that holds control-plane logs.

    Source: Amazon EKS best practices guide, "Security" and "Reliability"; for `after`, Amazon EKS user guide, "Amazon
    EKS networking requirements for VPC and subnets".
    """

    name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[Kubeconfig]
    kubernetes: KubernetesProvider
    node_security_group_id: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: ClusterSettings,
        account: Account,
        *,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        members: Mapping[str, Sequence[str]],
        after: Sequence[pulumi.Resource],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Cluster", name, None, opts)
        self._name = name
        self._account = account
        self._kept = pulumi.ResourceOptions(parent=self, protect=protect)
        log_group_name = f"/aws/eks/{account.cluster_name}/cluster"
        self.key_arn = self._make_key(log_group_name)
        log_group = self._make_log_group(log_group_name, settings)
        self.log_group_name = log_group.name
        child = pulumi.ResourceOptions(parent=self)
        groups = SecurityGroups(name, account, settings.private_access, vpc_id=vpc_id, opts=child)
        self.node_security_group_id = groups.nodes_id
        cluster = self._make_cluster(
            settings,
            vpc_id=vpc_id,
            subnet_ids=subnet_ids,
            members=members,
            protect=protect,
            security_group=groups.control_plane,
            opts=self._cluster_options(settings, protect, [log_group, *after]),
        )
        # The name is known beforehand, yet whoever uses it must wait for the cluster and be gone before it. The
        # kubeconfig comes from the cluster itself, while the component's URN is there before it.
        self.name = cluster.kubeconfig.apply(lambda _: account.cluster_name)
        self.endpoint = cluster.kubeconfig.apply(lambda theirs: endpoint_and_authority(theirs)[0])
        self.kubeconfig = pulumi.Output.secret(cluster.kubeconfig.apply(self._own_kubeconfig))
        self.kubernetes = self._make_provider()
        NodeAddons(name, account, settings.addons, cluster_name=self.name, opts=child)
        self.register_outputs(
            {
                "name": self.name,
                "endpoint": self.endpoint,
                "kubeconfig": self.kubeconfig,
                "node_security_group_id": self.node_security_group_id,
                "key_arn": self.key_arn,
                "log_group_name": self.log_group_name,
            }
        )

    def _make_key(self, log_group_name: str) -> pulumi.Output[str]:
        key = aws.kms.Key(
            f"{self._name}-key",
            description="Kubernetes secrets and control-plane logs of the EKS cluster",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(log_group_key_policy(self._account, log_group_name)),
            opts=self._kept,
        )
        aws.kms.Alias(
            f"{self._name}-key",
            name=f"alias/{self._account.cluster_name}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn

    def _make_log_group(self, log_group_name: str, settings: ClusterSettings) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-control-plane",
            name=log_group_name,
            kms_key_id=self.key_arn,
            retention_in_days=settings.log_retention_days,
            opts=self._kept,
        )

    def _cluster_options(
        self, settings: ClusterSettings, protect: bool, after: Sequence[pulumi.Resource]
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            # Without the log group Amazon EKS would make one itself: unencrypted and kept for ever.
            depends_on=after,
            transforms=[control_plane_transform(settings.control_plane_tier, settings.zonal_shift, protect)],
        )

    def _make_cluster(
        self,
        settings: ClusterSettings,
        *,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        members: Mapping[str, Sequence[str]],
        protect: bool,
        security_group: aws.ec2.SecurityGroup,
        opts: pulumi.ResourceOptions,
    ) -> eks.Cluster:
        public_cidrs = [str(cidr) for cidr in settings.public_access_cidrs]
        return eks.Cluster(
            self._name,
            name=self._account.cluster_name,
            version=settings.kubernetes_version,
            vpc_id=vpc_id,
            subnet_ids=list(subnet_ids),
            cluster_security_group=security_group,
            skip_default_security_groups=True,
            skip_default_node_group=True,
            create_instance_role=False,
            authentication_mode=eks.AuthenticationMode.API,
            access_entries=access_entries(plan_access(settings.access, members, self._account)),
            endpoint_private_access=True,
            endpoint_public_access=bool(public_cidrs),
            # pulumi-eks refuses the list, even an empty one, while the public endpoint is off.
            public_access_cidrs=public_cidrs or None,
            encryption_config_key_arn=self.key_arn,
            enabled_cluster_log_types=LOG_TYPES,
            kubernetes_service_ip_address_range=str(settings.service_cidr),
            deletion_protection=protect,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            # Unmanaged copies of add-ons would only be replaced by the managed ones.
            bootstrap_self_managed_addons=False,
            vpc_cni_options=vpc_cni_options(settings.addons.vpc_cni),
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(version=settings.addons.kube_proxy),
            # With an explicit AWS provider pulumi-eks insists on options; empty ones mean the caller's credentials.
            provider_credential_opts=eks.KubeconfigOptionsArgs(),
            opts=opts,
        )

    def _own_kubeconfig(self, theirs: Kubeconfig) -> Kubeconfig:
        endpoint, authority = endpoint_and_authority(theirs)
        return kubeconfig(self._account.cluster_name, self._account.region, endpoint, authority)

    def _make_provider(self) -> KubernetesProvider:
        return KubernetesProvider(
            f"{self._name}-kubernetes",
            kubeconfig=self.kubeconfig.apply(json.dumps),
            enable_server_side_apply=True,
            # Else a ConfigMap with a name of its own is deleted and made again, and a program that watches it sees it
            # gone. Those that are immutable are replaced all the same.
            enable_config_map_mutable=True,
            # An unreachable cluster is an outage, never proof that its objects are gone.
            delete_unreachable=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
