"""What an `eks.Cluster` gives back to the program.

Source: pulumi/pulumi-eks, nodejs/eks/cluster/cluster.ts, the end of `createCore` and of `createCluster`.
"""

from dataclasses import dataclass
from typing import Any

from offline.providers.eks.arguments import compact
from offline.providers.eks.kubeconfig import as_json, cluster_kubeconfig
from offline.providers.eks.registration import Child, Registration
from offline.providers.values import UNKNOWN, Properties, is_unknown, plain


@dataclass(frozen=True)
class Made:
    """What the component registered; `role` and `group_id` may also be what the program passed in."""

    cluster: Child
    role: Any
    kubernetes: Child
    cni: Child | None
    group: Child | None
    group_id: Any
    nodes: Child | None
    ingress: Child | None


# Outputs that the component computes from the cluster's own.
_FROM_CLUSTER = ("eksCluster", "kubeconfig", "kubeconfigJson", "oidcIssuer", "oidcProviderUrl", "nodeSecurityGroupId")


def component_outputs(registration: Registration, made: Made) -> Properties:
    """The component's outputs, from what it registered and its arguments."""
    exported = cluster_kubeconfig(registration, made.cluster, with_profile=False)
    own_group, issuer = _own_group(made.cluster), _issuer(made.cluster)
    group = made.group.reference if made.group else registration.given.get("clusterSecurityGroup")
    nodes_id = made.nodes.identifier or UNKNOWN if made.nodes else own_group
    outputs = {
        "autoModeNodeRoleName": "",
        "clusterIngressRuleId": made.ingress["securityGroupRuleId"] if made.ingress else "",
        "clusterSecurityGroup": group,
        "clusterSecurityGroupId": made.group_id if made.group_id is not None else own_group,
        "core": _core(registration, made) | compact({"clusterSecurityGroup": group, "kubeconfig": exported}),
        "defaultNodeGroupAsgName": "",
        "eksCluster": made.cluster.reference,
        "eksClusterIngressRule": made.ingress and made.ingress.reference,
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "instanceRoles": [],
        "kubeconfig": exported,
        "kubeconfigJson": as_json(exported),
        "nodeSecurityGroup": made.nodes and made.nodes.reference,
        "nodeSecurityGroupId": nodes_id,
        "oidcIssuer": issuer.replace("https://", ""),
        "oidcProviderArn": "",
        "oidcProviderUrl": issuer,
    }
    return compact(outputs)


def output_dependencies(outputs: Properties, made: Made) -> dict[str, list[str]]:
    """Output to the URNs of the children that it comes from, as the real component reports them.

    Without them a resource that uses an output would wait for the component alone, which waits for none of its
    children when it is deleted.
    """
    children = [made.cluster, made.kubernetes, *([made.cni] if made.cni else [])]
    urns = {output: [made.cluster.urn] for output in _FROM_CLUSTER} | {"core": [child.urn for child in children]}
    return {output: needed for output, needed in urns.items() if output in outputs}


def encryption_config(arguments: Properties) -> Properties | None:
    """Envelope encryption of secrets with the customer's key, if one is given."""
    key = arguments.get("encryptionConfigKeyArn")
    return {"provider": {"keyArn": key}, "resources": ["secrets"]} if key else None


def cluster_subnets(arguments: Properties) -> Any:
    """The control plane's subnets: `subnetIds`, or else the public and then the private ones."""
    if arguments.get("subnetIds") is not None:
        return arguments["subnetIds"]
    public, private = arguments.get("publicSubnetIds") or [], arguments.get("privateSubnetIds") or []
    return UNKNOWN if is_unknown(public) or is_unknown(private) else [*public, *private]


def _core(registration: Registration, made: Made) -> Properties:
    arguments = registration.arguments
    node_options = {
        "version": arguments.get("version"),
        "nodeSecurityGroup": made.nodes and made.nodes.reference,
        "clusterIngressRule": made.ingress and made.ingress.reference,
    }
    core = {
        "accessEntries": list((arguments.get("accessEntries") or {}).values()),
        "autoModeNodeRoleName": "",
        "cluster": made.cluster.reference,
        "clusterIamRole": made.role,
        "encryptionConfig": encryption_config(arguments),
        "endpoint": made.cluster["endpoint"],
        "instanceRoles": [],
        "nodeGroupOptions": compact(node_options),
        "privateSubnetIds": arguments.get("privateSubnetIds"),
        "provider": made.kubernetes.reference,
        "publicSubnetIds": arguments.get("publicSubnetIds"),
        "storageClasses": {},
        "subnetIds": cluster_subnets(arguments),
        "vpcCni": made.cni and made.cni.reference,
        "vpcId": arguments.get("vpcId"),
    }
    return compact(core)


def _own_group(cluster: Child) -> Any:
    """The security group that EKS itself makes for the cluster."""
    config = plain(cluster["vpcConfig"])
    return config.get("clusterSecurityGroupId", UNKNOWN) if isinstance(config, dict) else UNKNOWN


def _issuer(cluster: Child) -> str:
    identities = plain(cluster["identities"])
    return UNKNOWN if is_unknown(identities) else identities[0]["oidcs"][0]["issuer"]
