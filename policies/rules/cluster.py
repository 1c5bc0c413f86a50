"""Rules of the control plane and of nodes.

Source: CIS Amazon EKS Benchmark 1.8.0, sections 2, 3 and 5; Amazon EKS best practices guide, "Security".
"""

from collections.abc import Iterator

from policies.resource import STRICT, Resource, Rule

_CLUSTER = "aws:eks/cluster:Cluster"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
_GROUP = "aws:eks/nodeGroup:NodeGroup"
_LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}
_EVERYBODY = {"0.0.0.0/0", "::/0"}
_LARGEST_PART_PERCENT = 33


def records_everything(cluster: Resource) -> Iterator[str]:
    """All five logs of the control plane go to CloudWatch."""
    if missing := _LOG_TYPES - set(cluster.get("enabledClusterLogTypes", ())):
        yield f"enabledClusterLogTypes lacks {', '.join(sorted(missing))}: an incident could not be followed; add them"


def encrypts_secrets(cluster: Resource) -> Iterator[str]:
    """Secrets are encrypted with a key of the environment."""
    if "secrets" not in cluster.get("encryptionConfig.resources", ()):
        yield "encryptionConfig does not name secrets: whoever has etcd's disks has them; name a key"


def is_private(cluster: Resource) -> Iterator[str]:
    """The API server is private, in staging and production alone, and open to everybody nowhere."""
    if cluster.get("vpcConfig.endpointPrivateAccess") is not True:
        yield "vpcConfig.endpointPrivateAccess is not true: nodes would go through the internet; set it"
    if cluster.get("vpcConfig.endpointPublicAccess") is False:
        return
    if cluster.stack in STRICT:
        yield f"vpcConfig.endpointPublicAccess is not false, and {cluster.stack} has a private API; set it to false"
    elif not set(cluster.get("vpcConfig.publicAccessCidrs", _EVERYBODY)).isdisjoint(_EVERYBODY):
        yield "vpcConfig.publicAccessCidrs lets everybody in; list the networks of the people who work there"


def knows_access_entries_alone(cluster: Resource) -> Iterator[str]:
    """Nobody gets in by a ConfigMap."""
    mode = cluster.get("accessConfig.authenticationMode")
    if mode != "API":
        yield f"accessConfig.authenticationMode is {mode}: a ConfigMap in the cluster could let somebody in; set API"


def keeps_metadata_from_pods(template: Resource) -> Iterator[str]:
    """Instance metadata wants a token and does not reach pods."""
    if (tokens := template.get("metadataOptions.httpTokens")) != "required":
        yield f"metadataOptions.httpTokens is {tokens}: a forged request would get the node's role; set required"
    if (limit := template.get("metadataOptions.httpPutResponseHopLimit")) != 1:
        yield f"metadataOptions.httpPutResponseHopLimit is {limit}: pods would reach the node's role; set 1"


def keeps_metadata_from_pods_of_pools(node_class: Resource) -> Iterator[str]:
    """The same for nodes that Karpenter makes."""
    if (tokens := node_class.get("spec.metadataOptions.httpTokens")) != "required":
        yield f"spec.metadataOptions.httpTokens is {tokens}; set required"
    if (limit := node_class.get("spec.metadataOptions.httpPutResponseHopLimit")) != 1:
        yield f"spec.metadataOptions.httpPutResponseHopLimit is {limit}: pods would reach the node's role; set 1"


def encrypts_disks(template: Resource) -> Iterator[str]:
    """Every disk of a node is encrypted."""
    disks = template.get("blockDeviceMappings", ())
    if not disks:
        yield "blockDeviceMappings is empty: the image would decide whether the root disk is encrypted; name it"
    for index, disk in enumerate(disks):
        if str(disk.get("ebs", {}).get("encrypted")).lower() != "true":
            yield f"blockDeviceMappings[{index}].ebs.encrypted is not true; set it"


def encrypts_disks_of_pools(node_class: Resource) -> Iterator[str]:
    """The same for nodes that Karpenter makes."""
    for index, disk in enumerate(node_class.get("spec.blockDeviceMappings", ())):
        if disk.get("ebs", {}).get("encrypted") is not True:
            yield f"spec.blockDeviceMappings[{index}].ebs.encrypted is not true; set it"


def changes_a_few_nodes_at_a_time(group: Resource) -> Iterator[str]:
    """An update takes away a third of a group at the most."""
    part = group.get("updateConfig.maxUnavailablePercentage")
    one = group.get("updateConfig.maxUnavailable")
    if one is None and (part is None or part > _LARGEST_PART_PERCENT):
        yield f"updateConfig.maxUnavailablePercentage is {part}; {_LARGEST_PART_PERCENT} is the most that jobs stand"


RULES = (
    Rule(
        "control-plane-records-everything",
        (1,),
        "All five control-plane logs are kept",
        (_CLUSTER,),
        records_everything,
    ),
    Rule("secrets-are-encrypted", (3,), "Secrets have a key of the environment", (_CLUSTER,), encrypts_secrets),
    Rule("api-server-is-private", (4,), "The API server is not open to everybody", (_CLUSTER,), is_private),
    Rule("access-entries-alone", (6,), "Access entries alone let people in", (_CLUSTER,), knows_access_entries_alone),
    Rule("no-metadata-for-pods", (29,), "Pods do not reach instance metadata", (_TEMPLATE,), keeps_metadata_from_pods),
    Rule(
        "no-metadata-for-pods-of-pools",
        (29,),
        "Pods on nodes of Karpenter do not reach instance metadata",
        (_NODE_CLASS,),
        keeps_metadata_from_pods_of_pools,
    ),
    Rule("disks-are-encrypted", (30,), "Disks of nodes are encrypted", (_TEMPLATE,), encrypts_disks),
    Rule(
        "disks-of-pools-are-encrypted",
        (30,),
        "Disks of Karpenter's nodes are encrypted",
        (_NODE_CLASS,),
        encrypts_disks_of_pools,
    ),
    Rule("few-nodes-at-a-time", (33,), "An update takes few nodes at a time", (_GROUP,), changes_a_few_nodes_at_a_time),
)
