"""The arguments of `eks.Cluster` that the offline cloud emulates.

Anything else is refused rather than ignored, so that a program never counts on something that did not happen.

Source: pulumi/pulumi-eks, nodejs/eks/cluster/cluster.ts, `ClusterOptions`.
"""

from collections.abc import Mapping
from typing import Any

from offline.providers.resource import RefusalError
from offline.providers.values import Properties, plain

EMULATED = frozenset(
    {
        "accessEntries",
        "authenticationMode",
        "bootstrapSelfManagedAddons",
        "clusterSecurityGroup",
        "clusterSecurityGroupTags",
        "clusterTags",
        "corednsAddonOptions",
        "createInstanceRole",
        "deletionProtection",
        "enableConfigMapMutable",
        "enabledClusterLogTypes",
        "encryptionConfigKeyArn",
        "endpointPrivateAccess",
        "endpointPublicAccess",
        "ipFamily",
        "kubeProxyAddonOptions",
        "kubernetesServiceIpAddressRange",
        "name",
        "nodeSecurityGroupTags",
        "privateSubnetIds",
        "providerCredentialOpts",
        "publicAccessCidrs",
        "publicSubnetIds",
        "serviceRole",
        "skipDefaultNodeGroup",
        "skipDefaultSecurityGroups",
        "subnetIds",
        "tags",
        "upgradePolicy",
        "useDefaultVpcCni",
        "version",
        "vpcCniOptions",
        "vpcId",
    }
)

_ONLY_VALUE = {"authenticationMode": "API", "skipDefaultNodeGroup": True, "createInstanceRole": False}
_DEFAULTED = {"authenticationMode": "CONFIG_MAP", "skipDefaultNodeGroup": False}


def refuse_what_is_not_emulated(name: str, inputs: Properties, providers: Mapping[str, str]) -> None:
    """Check the arguments of one cluster.

    Raises:
        RefusalError: for an argument or a value the offline cloud does not emulate, or that pulumi-eks itself refuses.
    """
    given = {key: plain(value) for key, value in inputs.items() if value is not None}
    unknown = sorted(given.keys() - EMULATED)
    if unknown:
        raise RefusalError(
            f"eks.Cluster {name!r}: the offline cloud does not emulate {', '.join(unknown)}.\n"
            "Add it to offline/providers/eks/arguments.py and to what the cluster registers."
        )
    for argument, only in _ONLY_VALUE.items():
        value = given.get(argument, _DEFAULTED.get(argument, only))
        if value != only:
            raise RefusalError(
                f"eks.Cluster {name!r}: the offline cloud emulates {argument}={only!r} only, not {value!r}"
            )
    if "subnetIds" in given and ("publicSubnetIds" in given or "privateSubnetIds" in given):
        raise RefusalError(
            f"eks.Cluster {name!r}: subnetIds excludes publicSubnetIds and privateSubnetIds; choose one way"
        )
    if "aws" in providers and "providerCredentialOpts" not in given:
        raise RefusalError(
            f"eks.Cluster {name!r} has an explicit AWS provider and no providerCredentialOpts; "
            "give the kubeconfig's credentials there (an empty object will do)"
        )
    if given.get("publicAccessCidrs") and given.get("endpointPublicAccess") is False:
        raise RefusalError(f"eks.Cluster {name!r}: publicAccessCidrs can only be set when endpointPublicAccess is true")


def compact(properties: Mapping[str, Any]) -> Properties:
    """Without the properties that are absent."""
    return {key: value for key, value in properties.items() if value is not None}
