"""How the nodes of a pool are launched, as Karpenter's EC2NodeClass: the same as a node group's launch template.

Source: Karpenter documentation, "NodeClasses"; aws/karpenter-provider-aws v1.14.1, pkg/apis/v1/ec2nodeclass.go.
"""

from collections.abc import Sequence
from typing import Any

import pulumi

from components.account import Account
from components.capacity.settings import NodePoolSettings
from components.cluster.node_config import node_config, reckoned_kubelet, user_data
from components.cluster.node_launch import (
    METADATA_HOPS,
    ROOT_DEVICE,
    ROOT_VOLUME_TYPE,
    image_parameter,
    instance_tags,
)


def node_class_spec(
    name: str,
    settings: NodePoolSettings,
    account: Account,
    *,
    instance_profile: pulumi.Input[str],
    security_group_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    release: str,
) -> dict[str, Any]:
    """Image, network, disks and boot of a pool's nodes.

    The image is named by the parameter of its release. An alias such as al2023@v20260827 would be looked up among the
    images of the control plane's Kubernetes version: after its upgrade there may be none of that date, and no node
    would come until the pool's release follows.

    Args:
        name: of the pool.
        settings: its settings.
        account: the environment's account.
        instance_profile: name of the nodes' instance profile.
        security_group_id: security group of the nodes.
        subnet_ids: node subnets of the pool's zones.
        release: AMI release, such as 1.35.7-20260827.

    Source: aws/karpenter-provider-aws v1.14.1, pkg/providers/amifamily/ami.go, DescribeImageQueries.
    """
    config = node_config(settings.max_pods, settings.has_nvme, fast_image_pull=settings.fast_image_pull)
    return {
        "amiFamily": "AL2023",
        "amiSelectorTerms": [{"ssmParameter": image_parameter(release, settings.architecture)}],
        "instanceProfile": instance_profile,
        "subnetSelectorTerms": [{"id": each} for each in subnet_ids],
        "securityGroupSelectorTerms": [{"id": security_group_id}],
        "tags": instance_tags(name, settings.workload, account),
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": METADATA_HOPS,
        },
        "blockDeviceMappings": [
            {
                "deviceName": ROOT_DEVICE,
                "ebs": {
                    "volumeType": ROOT_VOLUME_TYPE,
                    "volumeSize": f"{settings.root_volume_gib}Gi",
                    "encrypted": True,
                    "deleteOnTermination": True,
                },
            }
        ],
        "userData": user_data(config),
        "kubelet": reckoned_kubelet(config),
        # Told twice: the array is made by the user data, and reckoned with by this.
        **({"instanceStorePolicy": "RAID0"} if settings.has_nvme else {}),
    }
