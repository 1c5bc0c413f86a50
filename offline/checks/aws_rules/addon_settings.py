"""The settings of EKS add-ons: names and types of those that this program or `pulumi-eks` sets, or may well set.

Amazon EKS checks `configurationValues` against a JSON schema of the add-on's version, and fails the add-on. Only the
service has these schemas; the rows are of what it published, so a setting without a row is a finding that says where
to look. Leaves out values inside Kubernetes' own types, such as tolerations.

Source: AWS CLI command reference, `eks describe-addon-configuration`, for vpc-cni and coredns; Amazon EKS user guide,
"Scale CoreDNS Pods for high DNS traffic"; for the others the values of the charts that the add-ons are built from.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding

ADDON = "aws:eks/addon:Addon"
PLACE = "configurationValues"
_SOURCE = "Amazon EKS API, DescribeAddonConfiguration"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integer_text(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip("-").isdigit()


# Kind of a setting, as findings name it -> whether a value is of that kind.
KINDS: dict[str, Callable[[Any], bool]] = {
    "true or false": lambda value: isinstance(value, bool),
    "an integer": _is_number,
    "a text": lambda value: isinstance(value, str),
    'the text "true" or "false"': lambda value: value in ("true", "false"),
    "a text of digits": _is_integer_text,
    'an integer or a text such as "50%"': lambda value: _is_number(value) or str(value).endswith("%"),
    "a list": lambda value: isinstance(value, list),
    "a list of texts": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    "an object": lambda value: isinstance(value, dict),
    "an object of texts": lambda value: isinstance(value, dict) and all(isinstance(e, str) for e in value.values()),
}
_FLAG, _NUMBER, _TEXT, _FLAG_TEXT, _NUMBER_TEXT, _SHARE, _LIST, _TEXTS, _OBJECT, _SELECTOR = KINDS
Settings = Mapping[str, "str | Settings"]

_RESOURCES: Settings = {"limits": {"cpu": _TEXT, "memory": _TEXT}, "requests": {"cpu": _TEXT, "memory": _TEXT}}
_PLACED: Settings = {"affinity": _OBJECT, "nodeSelector": _SELECTOR, "resources": _RESOURCES, "tolerations": _LIST}
_BUDGET: Settings = {"enabled": _FLAG, "maxUnavailable": _SHARE, "minAvailable": _SHARE}
_CNI_FLAGS = """AWS_MANAGE_ENIS_NON_SCHEDULABLE AWS_VPC_CNI_NODE_PORT_SUPPORT AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG
AWS_VPC_K8S_CNI_EXTERNALSNAT ANNOTATE_POD_IP DISABLE_INTROSPECTION DISABLE_LEAKED_ENI_CLEANUP DISABLE_METRICS
DISABLE_NETWORK_RESOURCE_PROVISIONING DISABLE_POD_V6 ENABLE_BANDWIDTH_PLUGIN ENABLE_POD_ENI ENABLE_PREFIX_DELEGATION
ENABLE_V4_EGRESS ENABLE_V6_EGRESS"""
_CNI_NUMBERS = """AWS_VPC_ENI_MTU IP_COOLDOWN_PERIOD MAX_ENI MINIMUM_IP_TARGET WARM_ENI_TARGET WARM_IP_TARGET
WARM_PREFIX_TARGET"""
_CNI_TEXTS = """ADDITIONAL_ENI_TAGS AWS_EC2_ENDPOINT AWS_EXTERNAL_SERVICE_CIDRS AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS
AWS_VPC_K8S_CNI_LOGLEVEL AWS_VPC_K8S_CNI_LOG_FILE AWS_VPC_K8S_CNI_RANDOMIZESNAT AWS_VPC_K8S_CNI_VETHPREFIX
AWS_VPC_K8S_PLUGIN_LOG_FILE AWS_VPC_K8S_PLUGIN_LOG_LEVEL CLUSTER_ENDPOINT ENI_CONFIG_ANNOTATION_DEF
ENI_CONFIG_LABEL_DEF INTROSPECTION_BIND_ADDRESS POD_SECURITY_GROUP_ENFORCING_MODE"""

SETTINGS: dict[str, Settings] = {
    "vpc-cni": {
        "affinity": _OBJECT,
        "enableNetworkPolicy": _FLAG_TEXT,
        "enableWindowsIpam": _FLAG_TEXT,
        "eniConfig": _OBJECT,
        "env": {
            **dict.fromkeys(_CNI_FLAGS.split(), _FLAG_TEXT),
            **dict.fromkeys(_CNI_NUMBERS.split(), _NUMBER_TEXT),
            **dict.fromkeys(_CNI_TEXTS.split(), _TEXT),
        },
        "init": {"env": {"DISABLE_TCP_EARLY_DEMUX": _FLAG_TEXT, "ENABLE_V6_EGRESS": _FLAG_TEXT}},
        "livenessProbeTimeoutSeconds": _NUMBER,
        "nodeAgent": {
            "enableCloudWatchLogs": _FLAG_TEXT,
            "enablePolicyEventLogs": _FLAG_TEXT,
            "healthProbeBindAddr": _NUMBER_TEXT,
            "metricsBindAddr": _NUMBER_TEXT,
        },
        "readinessProbeTimeoutSeconds": _NUMBER,
        "resources": _RESOURCES,
        "tolerations": _LIST,
    },
    "coredns": {
        **_PLACED,
        "autoScaling": {"enabled": _FLAG, "maxReplicas": _NUMBER, "minReplicas": _NUMBER},
        "computeType": _TEXT,
        "corefile": _TEXT,
        "podAnnotations": _OBJECT,
        "podDisruptionBudget": _BUDGET,
        "podLabels": _OBJECT,
        "replicaCount": _NUMBER,
        "topologySpreadConstraints": _LIST,
    },
    "aws-ebs-csi-driver": {
        "controller": {**_PLACED, "region": _TEXT, "replicaCount": _NUMBER},
        "node": {**_PLACED, "tolerateAllTaints": _FLAG},
    },
    "metrics-server": {**_PLACED, "podDisruptionBudget": _BUDGET, "replicas": _NUMBER},
    "eks-node-monitoring-agent": {"nodeAgent": _PLACED},
    "kube-state-metrics": {**_PLACED, "metricAnnotationsAllowList": _TEXTS, "metricLabelsAllowlist": _TEXTS},
    "prometheus-node-exporter": _PLACED,
}


def settings_are_of_their_type(addon: Subject) -> Iterator[Finding]:
    """Each setting is one that the add-on has, and of the type that its schema wants."""
    known, values = SETTINGS.get(str(addon.get("addonName"))), addon.get(PLACE)
    if known is None or not isinstance(values, str):
        return
    try:
        settings = json.loads(values)
    except ValueError as error:
        yield addon.finding(PLACE, f"is no JSON: {error}", _SOURCE, "Build it with json.dumps", values)
        return
    for part, value, rule in _wrong("", settings, known):
        fix = "Correct it; if the add-on's schema has it, add it to offline/checks/aws_rules/addon_settings.py"
        yield replace(addon.finding(PLACE, rule, _SOURCE, fix, json.dumps(value)), part=part)


def _wrong(path: str, value: Any, known: "str | Settings") -> Iterator[tuple[str, Any, str]]:
    """Path, value and rule of everything in a value that is not as it must be."""
    if isinstance(known, str):
        if not KINDS[known](value):
            yield path, value, f"must be {known}"
    elif not isinstance(value, dict):
        yield path, value, "must be an object"
    else:
        for key, item in value.items():
            place = f"{path}.{key}".lstrip(".")
            if key in known:
                yield from _wrong(place, item, known[key])
            else:
                yield place, item, "is no setting of the add-on"


def _never_lets_go(budget: Any) -> str:
    """The setting of a budget by which no pod may ever be evicted; empty where one may."""
    if not isinstance(budget, dict) or budget.get("enabled") is False:
        return ""
    if budget.get("maxUnavailable") in (0, "0%"):
        return "maxUnavailable"
    return "minAvailable" if budget.get("minAvailable") == "100%" else ""


def an_addons_budget_lets_a_drain_through(addon: Subject) -> Iterator[Finding]:
    """A budget that never lets a pod go stops every update of the nodes."""
    for name, budget in _budgets("", settings_of(addon)):
        if setting := _never_lets_go(budget):
            finding = addon.finding(
                PLACE,
                "never lets a node be drained",
                'Kubernetes documentation, "Specifying a Disruption Budget for your Application"',
                "Allow one pod to be unavailable",
                str(budget[setting]),
            )
            yield replace(finding, part=f"{name}.{setting}")


def _budgets(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    for key, item in value.items() if isinstance(value, dict) else ():
        place = f"{path}.{key}".lstrip(".")
        if key == "podDisruptionBudget":
            yield place, item
        yield from _budgets(place, item)


def settings_of(addon: Subject) -> dict[str, Any]:
    """The settings that an add-on is given; none where they are not known or no JSON, which is a finding of its own."""
    values = addon.get(PLACE)
    try:
        settings = json.loads(values) if isinstance(values, str) else {}
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}


RULES = {ADDON: (settings_are_of_their_type, an_addons_budget_lets_a_drain_through)}
