"""What runs on every node or for the cluster itself: node software, add-ons, the control plane, flow logs."""

from collections.abc import Iterator, Mapping

from components.account import Account
from components.identity.programs.call import Call, Program
from components.regions import region_of

_EBS = "kubernetes-sigs/aws-ebs-csi-driver, pkg/cloud/cloud.go and ec2_interface.go"
_CNI = "aws/amazon-vpc-cni-k8s, pkg/awsutils/awsutils.go and docs/iam-policy.md"
_PULL = "awslabs/amazon-eks-ami, ecr-credential-provider; Amazon ECR user guide, pulling images"


def node_programs(account: Account, cached: tuple[str, ...]) -> tuple[Program, ...]:
    """Nodes, the CNI, the EBS CSI driver, the control plane, and what delivers flow logs.

    Args:
        account: the environment's account.
        cached: ARNs of repositories that Amazon ECR fills as images are pulled from them.
    """
    return (
        _nodes(account, cached),
        Program("Amazon VPC CNI", "cluster-vpc-cni-pod", tuple(_cni(account))),
        Program("Amazon EBS CSI driver", "cluster-ebs-csi-pod", tuple(_ebs(account))),
        Program("The control plane", "cluster-eksRole-role", tuple(_control_plane())),
        _flow_logs(account),
    )


def _nodes(account: Account, cached: tuple[str, ...]) -> Program:
    addons = f"arn:{account.partition}:ecr:{account.region}:{region_of(account.region).addon_registry}:repository/eks/x"
    own = account.arn("ecr", "repository/moka/spark")
    names = "awslabs/amazon-eks-ami, nodeadm: name of the node, and how many pods its type takes"
    return Program(
        "kubelet, containerd and the pod identity agent",
        "nodes-node",
        (
            Call(("ec2:DescribeInstances", "ec2:DescribeInstanceTypes"), ("*",), names),
            Call(("ecr:GetAuthorizationToken",), ("*",), _PULL),
            Call(("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), (own, addons), _PULL),
            Call(
                ("ecr:BatchImportUpstreamImage",),
                cached,
                "Amazon ECR user guide, pull through cache: first pull of an image",
            ),
            Call(
                ("eks-auth:AssumeRoleForPodIdentity",),
                (account.cluster_arn,),
                "aws/eks-pod-identity-agent: credentials of a pod",
            ),
        ),
    )


def _cni(account: Account) -> Iterator[Call]:
    interface, instance = (account.arn("ec2", each) for each in ("network-interface/eni-1", "instance/i-1"))
    yield Call(
        (
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DescribeTags",
        ),
        ("*",),
        _CNI,
    )
    yield Call(
        (
            "ec2:AssignPrivateIpAddresses",
            "ec2:AttachNetworkInterface",
            "ec2:CreateNetworkInterface",
            "ec2:CreateTags",
            "ec2:DeleteNetworkInterface",
            "ec2:DetachNetworkInterface",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:UnassignPrivateIpAddresses",
        ),
        (interface,),
        _CNI,
    )
    yield Call(("ec2:AttachNetworkInterface",), (instance,), _CNI)
    yield Call(("ec2:CreateNetworkInterface",), ("{node_subnets}", "{node_security_group}"), _CNI)


def _ebs(account: Account) -> Iterator[Call]:
    volume, snapshot = (account.arn("ec2", each) for each in ("volume/vol-1", "snapshot/snap-1"))
    asked = {"aws:RequestTag/ebs.csi.aws.com/cluster": "true"}
    carried: Mapping[str, str] = {"ec2:ResourceTag/ebs.csi.aws.com/cluster": "true"}
    describes = (
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeSnapshots",
        "ec2:DescribeVolumeStatus",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
    )
    yield Call(describes, ("*",), _EBS)
    yield Call(("ec2:CreateVolume",), (volume,), _EBS, asked)
    changes = ("ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume")
    yield Call(changes, (volume,), _EBS, carried)
    yield Call(("ec2:AttachVolume", "ec2:DetachVolume"), (account.arn("ec2", "instance/i-1"),), _EBS)
    yield Call(("ec2:CreateTags",), (volume,), _EBS, {"ec2:CreateAction": "CreateVolume"})
    yield Call(("ec2:CreateSnapshot",), (snapshot,), _EBS, asked)
    yield Call(("ec2:CreateSnapshot",), (volume,), _EBS, carried)
    yield Call(("ec2:CreateVolume", "ec2:DeleteSnapshot"), (snapshot,), _EBS, carried)


def _control_plane() -> Iterator[Call]:
    """Nodes' details alone: there is no load balancer, and its own network interfaces a service-linked role makes."""
    source = "Amazon EKS user guide, Amazon EKS cluster IAM role: the cloud controller manager"
    yield Call(
        ("ec2:DescribeInstances", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstanceTopology"), ("*",), source
    )
    yield Call(
        ("kms:DescribeKey",), ("{cluster_key}",), "Amazon EKS user guide, envelope encryption of Kubernetes secrets"
    )


def _flow_logs(account: Account) -> Program:
    source = "Amazon VPC user guide, IAM role for publishing flow logs to CloudWatch Logs"
    group = account.arn("logs", f"log-group:/moka/{account.environment}/vpc-flow-logs")
    return Program(
        "VPC flow logs",
        "network-flow-logs",
        (
            Call(("logs:DescribeLogGroups",), ("*",), source),
            # Amazon CloudWatch Logs names the group with an empty stream as well.
            Call(("logs:DescribeLogStreams",), (group, f"{group}:log-stream:"), source),
            Call(("logs:CreateLogStream", "logs:PutLogEvents"), (f"{group}:log-stream:eni-1-all",), source),
        ),
    )
