"""Mistakes that each linter must see, rendered as a stack is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_POD = {
    "metadata": {"labels": {"app": "planted"}},
    "spec": {
        "hostNetwork": True,
        "containers": [
            {"name": "planted", "image": "docker.io/library/busybox:latest", "securityContext": {"privileged": True}}
        ],
    },
}
_OBJECTS: tuple[Mapping[str, Any], ...] = (
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "planted", "namespace": "planted"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "planted"}}, "template": _POD},
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "planted", "namespace": "planted"},
        "spec": {"selector": {"app": "planted"}, "ports": [{"port": 80}], "type": "NodePort"},
    },
)
_TEMPLATE: Mapping[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "PlantedBucket": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}},
        "PlantedGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "open",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"},
                ],
            },
        },
    },
}
# Check as it begins, and place: what must be reported.
PLANTED: tuple[tuple[str, str], ...] = (
    ("checkov CKV_AWS_20:", "AWS::S3::Bucket/PlantedBucket"),
    ("checkov CKV_AWS_53:", "AWS::S3::Bucket/PlantedBucket"),
    ("checkov CKV_AWS_24:", "AWS::EC2::SecurityGroup/PlantedGroup"),
    ("checkov CKV_K8S_13:", "Deployment/planted/planted"),
    ("checkov CKV_K8S_16:", "Deployment/planted/planted"),
    ("checkov CKV_K8S_22:", "Deployment/planted/planted"),
    ("checkov CKV2_K8S_6:", "Pod/planted/planted.app-planted"),
    ("kube-score container-security-context-privileged:", "Deployment/planted/planted/planted"),
    ("kube-score container-resources: Memory limit", "Deployment/planted/planted/planted"),
    ("kube-score container-seccomp-profile:", "Deployment/planted/planted/planted"),
    ("kube-score pod-networkpolicy:", "Deployment/planted/planted"),
    ("kube-score pod-probes:", "Deployment/planted/planted"),
    ("kube-score service-type:", "Service/planted/planted"),
)


def plant(directory: Path) -> None:
    """Write them."""
    files = {f"kubernetes/planted/{each['kind'].lower()}-planted.json": each for each in _OBJECTS}
    for name, content in {**files, "cloudformation.json": _TEMPLATE}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2))
