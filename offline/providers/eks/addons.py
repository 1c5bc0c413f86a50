"""The add-ons that `eks.Cluster` installs itself: vpc-cni, kube-proxy and, when asked for, CoreDNS.

Source: pulumi/pulumi-eks, nodejs/eks/addons/cni-addon.ts and nodejs/eks/cluster/cluster.ts.
"""

import json
from collections.abc import Iterable
from typing import Any

from offline.providers.eks.arguments import compact
from offline.providers.eks.registration import Child, Registration
from offline.providers.resource import RefusalError
from offline.providers.values import UNKNOWN, Properties, has_unknown, is_unknown, plain

_ADDON = "aws:eks/addon:Addon"

# Option of vpcCniOptions -> variable of the CNI's container, and what pulumi-eks sets when the option is absent.
_CNI_VARIABLES: tuple[tuple[str, str, str | None], ...] = (
    ("nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT", None),
    ("customNetworkConfig", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", None),
    ("warmEniTarget", "WARM_ENI_TARGET", "1"),
    ("warmIpTarget", "WARM_IP_TARGET", None),
    ("warmPrefixTarget", "WARM_PREFIX_TARGET", None),
    ("enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION", None),
    ("logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"),
    ("logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"),
    ("vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"),
    ("eniMtu", "AWS_VPC_ENI_MTU", "9001"),
    ("eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF", None),
    ("pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"),
    ("pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"),
    ("enablePodEni", "ENABLE_POD_ENI", "false"),
    ("cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", None),
    ("cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"),
    ("cniExternalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"),
    ("externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", None),
)
_CNI_OTHER = frozenset(
    {
        "addonVersion",
        "configurationValues",
        "disableTcpEarlyDemux",
        "enableNetworkPolicy",
        "resolveConflictsOnCreate",
        "resolveConflictsOnUpdate",
        "serviceAccountRoleArn",
    }
)


def vpc_cni(registration: Registration, cluster: Child, entries: Iterable[Child]) -> Child:
    """Register the VpcCniAddon component and its add-on, after the access entries; returns the component."""
    name = f"{registration.name}-vpc-cni"
    options = registration.arguments.get("vpcCniOptions") or {}
    unknown = sorted(options.keys() - _CNI_OTHER - {option for option, _, _ in _CNI_VARIABLES})
    if unknown:
        raise RefusalError(
            f"eks.Cluster {registration.name!r}: the offline cloud does not emulate vpcCniOptions "
            f"{', '.join(unknown)}.\nAdd it to offline/providers/eks/addons.py."
        )
    component = registration.component("eks:index:VpcCniAddon", name, entries)
    special = {
        "addonName": "vpc-cni",
        "addonVersion": options.get("addonVersion"),
        "configurationValues": _sorted_json(_cni_configuration(options)),
        "serviceAccountRoleArn": options.get("serviceAccountRoleArn"),
    }
    inputs = _addon_inputs(registration, cluster, options, special)
    addon = registration.resource(
        _ADDON, name, inputs, parent=component.urn, dependencies=[cluster], arguments=("tags", "vpcCniOptions")
    )
    registration.outputs(component.urn, {"addon": addon.reference})
    return component


def managed_addon(registration: Registration, cluster: Child, addon: str, option: str) -> None:
    """Register kube-proxy or CoreDNS, at the version that the argument `option` says or else the newest."""
    options = registration.arguments.get(option) or {}
    special = {
        "addonName": addon,
        "addonVersion": options.get("version"),
        "configurationValues": _sorted_json(options.get("configurationValues")),
    }
    inputs = _addon_inputs(registration, cluster, options, special)
    name = f"{registration.name}-{addon}"
    registration.resource(_ADDON, name, inputs, dependencies=[cluster], arguments=("tags", option))


def _addon_inputs(registration: Registration, cluster: Child, options: Properties, special: Properties) -> Properties:
    version = special["addonVersion"] or _newest(registration, special["addonName"], cluster["version"])
    inputs = {
        "clusterName": cluster["name"],
        "preserve": True,
        "tags": registration.arguments.get("tags"),
        "resolveConflictsOnCreate": options.get("resolveConflictsOnCreate", "OVERWRITE"),
        "resolveConflictsOnUpdate": options.get("resolveConflictsOnUpdate", "OVERWRITE"),
        **special,
        "addonVersion": version,
    }
    return compact(inputs)


def _newest(registration: Registration, addon: str, kubernetes_version: Any) -> str:
    if is_unknown(kubernetes_version):
        return UNKNOWN
    asked = {"addonName": addon, "kubernetesVersion": kubernetes_version, "mostRecent": True}
    return registration.invoke("aws:eks/getAddonVersion:getAddonVersion", asked)["version"]


def _cni_configuration(options: Properties) -> Properties:
    """The add-on's configuration: variables for the options, below what `configurationValues` says itself."""
    values = plain(options.get("configurationValues") or {})
    variables: Properties = {}
    for option, variable, default in _CNI_VARIABLES:
        value = options.get(option) or default
        if value is not None:
            variables[variable] = _text(plain(value))
    container = {"DISABLE_TCP_EARLY_DEMUX": _text(plain(options.get("disableTcpEarlyDemux") or False))}
    merged = {**values, "env": {**variables, **(values.get("env") or {})}}
    initial = values.get("init") or {}
    merged["init"] = {**initial, "env": {**container, **(initial.get("env") or {})}}
    if options.get("enableNetworkPolicy") is not None:
        merged.setdefault("enableNetworkPolicy", _text(plain(options["enableNetworkPolicy"])))
    return merged


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sorted_json(values: Any) -> str | None:
    if not values:
        return None
    return UNKNOWN if has_unknown(values) else json.dumps(plain(values), sort_keys=True, separators=(",", ":"))
