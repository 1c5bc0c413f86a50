"""Planted mistakes in the load balancer before the live Spark UI, which the test stack has for them."""

from typing import Any

from tests.checks.planted import Planted, drop, put

_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_LISTENER = "aws:lb/listener:Listener"
_TARGETS = "aws:lb/targetGroup:TargetGroup"
_ATTACHMENT = "aws:autoscaling/attachment:Attachment"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_NAME = "live-ui-entrance"
_RULES, _API, _SCHEMA = "aws-rules", "api-shape", "cloudformation-schema"
_ELSEWHERE = "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"


def _row(kind: str, change: Any, judge: str, place: str, says: str, **more: Any) -> Planted:
    return Planted(kind, more.pop("name", _NAME), change, judge, place, says, stack="with_live_ui", **more)


LOAD_BALANCER_MISTAKES = (
    _row(_BALANCER, put("name", "internal-live-ui"), _RULES, "name", "must not begin with internal-"),
    _row(_BALANCER, lambda inputs: inputs["subnets"].pop(), _RULES, "subnets", "2 availability zones or more"),
    _row(
        _BALANCER,
        lambda inputs: inputs["subnets"].append(inputs["subnets"][0]),
        _RULES,
        "subnets",
        "two subnets of one zone",
        alone=False,
    ),
    _row(_BALANCER, put("loadBalancerType", "app"), _API, "loadBalancerType", "one of", alone=False),
    _row(_BALANCER, put("idelTimeout", 60), _SCHEMA, "idelTimeout", "mapped to nothing"),
    _row(_LISTENER, drop("certificateArn"), _RULES, "certificateArn", "must be given for HTTPS"),
    _row(_LISTENER, put("protocol", "HTTP"), _RULES, "certificateArn", "no place in a listener of HTTP"),
    _row(_LISTENER, put("certificateArn", _ELSEWHERE), _RULES, "certificateArn", "account 111111111111 in us-east-1"),
    _row(_LISTENER, put("port", 70_000), _API, "port", "65535", alone=False),
    _row(_TARGETS, put("healthCheck/timeout", 10), _RULES, "healthCheck.timeout", "smaller than healthCheck.interval"),
    _row(_TARGETS, put("healthCheck/healthyThreshold", 11), _API, "healthCheck.healthyThreshold", "10", alone=False),
    _row(_TARGETS, put("name", "t" * 33), _RULES, "name", "at most 32 letters"),
    _row(
        _TARGETS, put("targetType", "ip"), _RULES, "lbTargetGroupArn", "instances", found_in="live-ui-entrance-system"
    ),
    _row(
        _ATTACHMENT,
        drop("autoscalingGroupName"),
        _API,
        "autoscalingGroupName",
        "must be given",
        name="live-ui-entrance-system",
    ),
    _row(
        _EGRESS,
        lambda inputs: inputs.update(fromPort=80, toPort=80),
        _RULES,
        "port",
        "let nothing out",
        name="live-ui-entrance-to-nodes",
        found_in=_NAME,
    ),
    _row(
        _INGRESS,
        lambda inputs: inputs.update(fromPort=80, toPort=80),
        _RULES,
        "port",
        "of nodes let nothing in",
        name="live-ui-entrance-on-nodes",
        found_in=_NAME,
    ),
)
