"""Application Load Balancers, and the Auto Scaling groups that register their targets."""

from collections.abc import Mapping
from typing import Any

from offline.providers.aws.row import AwsType, arn, call

_SERVICE = "elasticloadbalancing"


def _attributes(place: str, keys: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Inputs that AWS takes as a list of keys and values: where each value goes, and the key that goes along.

    Args:
        place: what the schema calls the list.
        keys: input to its key.
    """
    renamed = {name: f"{place}[{index}].Value" for index, name in enumerate(keys)}
    implied = {name: {f"{place}[{index}].Key": key} for index, (name, key) in enumerate(keys.items())}
    return renamed, implied


# Elastic Load Balancing API, LoadBalancerAttribute and TargetGroupAttribute.
_OF_BALANCERS = {
    "idleTimeout": "idle_timeout.timeout_seconds",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "enableDeletionProtection": "deletion_protection.enabled",
}
_OF_TARGETS = {"deregistrationDelay": "deregistration_delay.timeout_seconds"}
_SCHEME = {"internal": {"Scheme": "internal"}}
_CHECK = {
    "healthCheck": "",
    "healthCheck.enabled": "HealthCheckEnabled",
    "healthCheck.healthyThreshold": "HealthyThresholdCount",
    "healthCheck.interval": "HealthCheckIntervalSeconds",
    "healthCheck.matcher": "Matcher.HttpCode",
    "healthCheck.path": "HealthCheckPath",
    "healthCheck.port": "HealthCheckPort",
    "healthCheck.protocol": "HealthCheckProtocol",
    "healthCheck.timeout": "HealthCheckTimeoutSeconds",
    "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
}
_CERTIFICATE = {"certificateArn": "Certificates[0].CertificateArn"}

_balancer, _balancer_keys = _attributes("LoadBalancerAttributes", _OF_BALANCERS)
_balancer_call, _balancer_call_keys = _attributes("Attributes", _OF_BALANCERS)
_targets, _target_keys = _attributes("TargetGroupAttributes", _OF_TARGETS)
_targets_call, _target_call_keys = _attributes("Attributes", _OF_TARGETS)


def _suffix(names: Mapping[str, Any]) -> str:
    """What metrics name it by: the ARN's last part, for load balancers without the kind of resource."""
    return str(names["arn"]).rsplit(":", 1)[-1].removeprefix("loadbalancer/")


def _listener(names: Mapping[str, Any]) -> str:
    return f"{str(names['loadBalancerArn']).replace(':loadbalancer/', ':listener/')}/{names['hex']:16}"


TYPES: dict[str, AwsType] = {
    "aws:lb/loadBalancer:LoadBalancer": AwsType(
        cloudformation="AWS::ElasticLoadBalancingV2::LoadBalancer",
        calls=(
            call(
                "elbv2",
                "CreateLoadBalancer",
                {"loadBalancerType": "Type"},
                ignored=frozenset({"internal"}),
                implied=_SCHEME,
            ),
            call(
                "elbv2",
                "ModifyLoadBalancerAttributes",
                _balancer_call,
                implied=_balancer_call_keys,
                filled=frozenset({"LoadBalancerArn"}),
            ),
        ),
        unset={"internal": False},
        identifier="{arn}",
        arn=arn(_SERVICE, "loadbalancer/app/{name}/{hex:16}"),
        name="name",
        name_limit=32,
        outputs={
            "arnSuffix": _suffix,
            "dnsName": "internal-{name}-{digits:10}.{region}.elb.{suffix}",
            "internal": False,
            "ipAddressType": "ipv4",
            "loadBalancerType": "application",
            "zoneId": "Z{letters:13}",
        },
        renamed={**_balancer, "loadBalancerType": "Type"},
        ignored=frozenset({"internal"}),
        implied={**_balancer_keys, **_SCHEME},
        replaces=frozenset({"internal"}),
    ),
    "aws:lb/targetGroup:TargetGroup": AwsType(
        cloudformation="AWS::ElasticLoadBalancingV2::TargetGroup",
        calls=(
            call("elbv2", "CreateTargetGroup", _CHECK),
            call(
                "elbv2",
                "ModifyTargetGroupAttributes",
                _targets_call,
                implied=_target_call_keys,
                filled=frozenset({"TargetGroupArn"}),
            ),
        ),
        identifier="{arn}",
        arn=arn(_SERVICE, "targetgroup/{name}/{hex:16}"),
        name="name",
        name_limit=32,
        outputs={"arnSuffix": _suffix, "ipAddressType": "ipv4", "protocolVersion": "HTTP1", "loadBalancerArns": []},
        renamed={**_targets, **_CHECK},
        implied=_target_keys,
    ),
    "aws:lb/listener:Listener": AwsType(
        cloudformation="AWS::ElasticLoadBalancingV2::Listener",
        calls=(call("elbv2", "CreateListener", _CERTIFICATE),),
        identifier=_listener,
        outputs={"arn": "{id}"},
        renamed=_CERTIFICATE,
        taggable=True,
    ),
    "aws:autoscaling/attachment:Attachment": AwsType(
        calls=(
            call(
                "autoscaling",
                "AttachLoadBalancerTargetGroups",
                {"autoscalingGroupName": "AutoScalingGroupName", "lbTargetGroupArn": "TargetGroupARNs[0]"},
            ),
        ),
        identifier="{autoscalingGroupName}-{digits:26}",
        replaces=frozenset({"autoscalingGroupName", "lbTargetGroupArn", "elb"}),
    ),
}
