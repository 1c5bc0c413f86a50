"""Planted mistakes in values that only a service looks at: numbers, ports, settings of add-ons."""

import json
from collections.abc import Callable
from typing import Any

from tests.checks.planted import Inputs, Planted, put

_RULES = "aws-rules"

_ADDON = "aws:eks/addon:Addon"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

_API = "cluster-api-from-nodes"
_CNI, _COREDNS = "cluster-vpc-cni", "addons-coredns"
_DISK = "blockDeviceMappings/0/ebs"


def at(path: str, value: object, says: str, *, kind: str, name: str, place: str = "", alone: bool = True) -> Planted:
    """A value that is wrong; found where it stands unless a place is given."""
    return Planted(kind, name, put(path, value), _RULES, place or path.replace("/", "."), says, alone)


def port(path: str, value: object, says: str, *, alone: bool = True) -> Planted:
    return at(path, value, says, kind=_INGRESS, name=_API, alone=alone)


def protocol(says: str, place: str, **values: object) -> Planted:
    return Planted(_INGRESS, _API, lambda inputs: inputs.update(values), _RULES, place, says)


def disk(path: str, value: object, says: str) -> Planted:
    return at(f"{_DISK}/{path}", value, says, kind=_TEMPLATE, name="system-nodes")


def setting(name: str, path: str, value: Any, says: str) -> Planted:
    """A setting of an add-on, inside its JSON."""

    def change(inputs: Inputs) -> None:
        settings = json.loads(inputs["configurationValues"])
        put(path, value)(settings)
        inputs["configurationValues"] = json.dumps(settings)

    return Planted(_ADDON, name, change, _RULES, "configurationValues", says)


def inline_rule(**values: object) -> Callable[[Inputs], None]:
    rule = {"protocol": "tcp", "fromPort": 1, "toPort": 1, "cidrBlocks": ["10.0.0.0/8"], **values}
    return lambda inputs: inputs.update(ingress=[rule])


AWS_VALUE_MISTAKES: tuple[Planted, ...] = (
    # Ports.
    port("toPort", 65_536, "between 0 and 65535 for tcp"),
    port("toPort", 80, "must not be smaller than fromPort (443)"),
    Planted(_EGRESS, "cluster-nodes-to-https", put("fromPort", 70_000), _RULES, "fromPort", "between 0 and 65535"),
    protocol("between -1 and 255", "fromPort", ipProtocol="icmp", fromPort=300, toPort=-1),
    Planted(_GROUP, "cluster-nodes", inline_rule(toPort=65_536), _RULES, "ingress.0.toPort", "0 and 65535"),
    # Other numbers.
    at("metadataOptions/httpPutResponseHopLimit", 65, "between 1 and 64", kind=_TEMPLATE, name="system-nodes"),
    disk("volumeSize", 0, "must be between 1 and 65536"),
    disk("throughput", 4_000, "must be between 125 and 2000"),
    at("rules/0/expiration/days", 0, "must be 1 or more", kind=_LIFECYCLE, name="system-logs"),
    at(
        "rules/0/noncurrentVersionExpiration/noncurrentDays",
        0,
        "must be 1 or more",
        kind=_LIFECYCLE,
        name="system-logs",
    ),
    at(
        "rules/1/abortIncompleteMultipartUpload/daysAfterInitiation",
        0,
        "must be 1 or more",
        kind=_LIFECYCLE,
        name="system-logs",
    ),
    at("rule/defaultRetention/days", -5, "must be 1 or more", kind=_LOCK, name="spark-events"),
    at("evaluationPeriods", 1_441, "more than 86400", kind=_ALARM, name="heartbeat"),
    at("datapointsToAlarm", 4, "the evaluation periods, or fewer", kind=_ALARM, name="heartbeat"),
    # Settings of add-ons.
    setting(_CNI, "enableNetworkPolicy", True, "enableNetworkPolicy, has 'true', but it must be the text"),
    setting(_CNI, "env/WARM_PREFIX_TARGET", 1, "env.WARM_PREFIX_TARGET, has '1', but it must be a text of digits"),
    setting(_CNI, "env/ENABLE_PREFIX_DELEGATON", "true", "is no setting of the add-on"),
    setting(
        _COREDNS, "autoScaling/enabled", "true", "autoScaling.enabled, has '\"true\"', but it must be true or false"
    ),
    setting(_COREDNS, "nodeSelector", "system", "nodeSelector, has"),
    setting("addons-aws-ebs-csi-driver", "node/tolerateAllTaints", "true", "node.tolerateAllTaints, has"),
    setting(_COREDNS, "podDisruptionBudget/maxUnavailable", 0, "podDisruptionBudget.maxUnavailable, has '0'"),
    Planted(_ADDON, _CNI, put("configurationValues", "{"), _RULES, "configurationValues", "is no JSON", alone=False),
)
