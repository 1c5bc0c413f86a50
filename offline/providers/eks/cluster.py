"""What one `eks.Cluster` registers.

Leaves out default node groups, Fargate, Auto Mode, storage classes, the aws-auth ConfigMap and the OIDC provider:
`offline.providers.eks.arguments` refuses the arguments that ask for them.

Source: pulumi/pulumi-eks, nodejs/eks/cluster/cluster.ts, `createCore` and `createCluster`.
"""

from typing import Any

from pulumi.runtime.proto import provider_pb2

from offline.providers.eks import access, addons, security_groups
from offline.providers.eks.arguments import compact, refuse_what_is_not_emulated
from offline.providers.eks.kubeconfig import as_json, cluster_kubeconfig
from offline.providers.eks.outputs import (
    Made,
    cluster_subnets,
    component_outputs,
    encryption_config,
    output_dependencies,
)
from offline.providers.eks.registration import Child, Registration
from offline.providers.values import RESOURCE, SIGNATURE, UNKNOWN, Properties, to_struct

# Neither can change after creation, and older releases of the component set them differently.
_IGNORED = ("accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons")
_SAME_NAME = ("name", "version", "enabledClusterLogTypes", "upgradePolicy", "deletionProtection")
_VPC_ARGUMENTS = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
_USED = (
    *_SAME_NAME,
    *_VPC_ARGUMENTS,
    "clusterSecurityGroup",
    "clusterTags",
    "encryptionConfigKeyArn",
    "ipFamily",
    "kubernetesServiceIpAddressRange",
    "privateSubnetIds",
    "publicSubnetIds",
    "serviceRole",
    "subnetIds",
    "tags",
)


def construct_cluster(
    request: provider_pb2.ConstructRequest, versions: dict[str, str]
) -> provider_pb2.ConstructResponse:
    """Register a cluster and everything below it; answers with the component's URN, outputs and what these need.

    Args:
        request: the engine's.
        versions: of the providers, by package.

    Raises:
        RefusalError: for arguments that are not emulated, and when the engine refuses a resource.
    """
    registration = Registration(request, versions)
    try:
        refuse_what_is_not_emulated(request.name, registration.given, request.providers)
        registration.component_itself()
        made = _register(registration)
        outputs = component_outputs(registration, made)
        registration.outputs(registration.urn, outputs)
    finally:
        registration.close()
    needed = output_dependencies(outputs, made)
    return provider_pb2.ConstructResponse(
        urn=registration.urn,
        state=to_struct(outputs),
        stateDependencies={
            output: provider_pb2.ConstructResponse.PropertyDependencies(urns=urns) for output, urns in needed.items()
        },
    )


def _register(registration: Registration) -> Made:
    arguments = registration.arguments
    role_arn, role, before = _service_role(registration)
    group, group_id = _cluster_group(registration)
    cluster = _cluster(registration, role_arn, group_id, [*before, *([group] if group else [])])
    if (arguments.get("kubeProxyAddonOptions") or {}).get("enabled", True):
        addons.managed_addon(registration, cluster, "kube-proxy", "kubeProxyAddonOptions")
    kubernetes = _kubernetes_provider(registration, cluster)
    entries = access.access_entries(registration, cluster)
    cni = None if arguments.get("useDefaultVpcCni") else addons.vpc_cni(registration, cluster, entries)
    coredns = arguments.get("corednsAddonOptions") or {}
    if coredns.get("enabled") is True or coredns.get("configurationValues"):
        addons.managed_addon(registration, cluster, "coredns", "corednsAddonOptions")
    nodes = ingress = None
    if not arguments.get("skipDefaultSecurityGroups"):
        control_plane = group or Child("", group_id or UNKNOWN)
        nodes, ingress = security_groups.node_group(registration, cluster, control_plane)
    return Made(cluster, role, kubernetes, cni, group, group_id, nodes, ingress)


def _service_role(registration: Registration) -> tuple[Any, Any, list[Child]]:
    """ARN of the cluster's role, a reference to it, and what the cluster waits for."""
    given = registration.given.get("serviceRole")
    if isinstance(given, dict) and given.get(SIGNATURE) == RESOURCE:
        return registration.state_of(given).get("arn", UNKNOWN), given, []
    if given is not None:
        return UNKNOWN, given, []
    partition = registration.invoke("aws:index/getPartition:getPartition", {})["partition"]
    role, attachment = access.service_role(registration, partition)
    return role["arn"], role.reference, [role, attachment]


def _cluster_group(registration: Registration) -> tuple[Child | None, Any]:
    """The control plane's security group if it is made here, and its id if there is one."""
    given = registration.arguments.get("clusterSecurityGroup")
    if given is not None or registration.arguments.get("skipDefaultSecurityGroups"):
        return None, given
    group = security_groups.cluster_group(registration)
    return group, group.identifier or UNKNOWN


def _cluster(registration: Registration, role_arn: Any, group_id: Any, before: list[Child]) -> Child:
    given = registration.arguments
    vpc_config = {
        "securityGroupIds": [group_id] if group_id is not None else None,
        "subnetIds": cluster_subnets(given),
        **{argument: given.get(argument) for argument in _VPC_ARGUMENTS},
    }
    name = f"{registration.name}-eksCluster"
    access_config = {
        "authenticationMode": given.get("authenticationMode"),
        "bootstrapClusterCreatorAdminPermissions": True,
    }
    inputs = {
        **{argument: given.get(argument) for argument in _SAME_NAME},
        "accessConfig": access_config,
        "bootstrapSelfManagedAddons": given.get("bootstrapSelfManagedAddons", True),
        "encryptionConfig": encryption_config(given),
        "kubernetesNetworkConfig": _network_config(given),
        "roleArn": role_arn,
        "tags": {"Name": name, **(given.get("clusterTags") or {}), **(given.get("tags") or {})},
        "vpcConfig": compact(vpc_config),
    }
    return registration.resource(
        "aws:eks/cluster:Cluster",
        name,
        compact(inputs),
        dependencies=before,
        arguments=_USED,
        ignore_changes=_IGNORED,
    )


def _network_config(given: Properties) -> Properties | None:
    services, family = given.get("kubernetesServiceIpAddressRange"), given.get("ipFamily")
    if not services and not family:
        return None
    family = family or "ipv4"
    return compact({"serviceIpv4Cidr": services if family == "ipv4" else None, "ipFamily": family})


def _kubernetes_provider(registration: Registration, cluster: Child) -> Child:
    inputs = {
        "kubeconfig": as_json(cluster_kubeconfig(registration, cluster, with_profile=True)),
        "enableConfigMapMutable": registration.arguments.get("enableConfigMapMutable"),
    }
    return registration.resource(
        "pulumi:providers:kubernetes",
        f"{registration.name}-eks-k8s",
        compact(inputs),
        dependencies=[cluster],
        arguments=("providerCredentialOpts",),
    )
