"""A small stack with charts: releases that bring kinds, and custom resources of these kinds, all as they should be."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.charts.versions import KARPENTER_CRD, SPARK_OPERATOR
from components.images.table import SPARK_OPERATOR_CONTROLLER
from components.operator.settings import OperatorSettings
from components.operator.values import operator_values
from offline.providers.kubernetes.releases import RELEASE
from offline.providers.resource import Resource

_NAMESPACE = "kubernetes:core/v1:Namespace"
_CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
NODE_CLASS = ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "class")
NODE_POOL = ("kubernetes:karpenter.sh/v1:NodePool", "pool")
APPLICATION = ("kubernetes:sparkoperator.k8s.io/v1beta2:SparkApplication", "pi")
OPERATOR = (RELEASE, "operator")
KINDS = (RELEASE, "karpenter-kinds")

_NODE_CLASS: dict[str, Any] = {
    "apiVersion": "karpenter.k8s.aws/v1",
    "kind": "EC2NodeClass",
    "metadata": {"name": "class"},
    "spec": {
        "role": "moka-nodes",
        "amiSelectorTerms": [{"alias": "al2023@v20261101"}],
        "subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": "moka"}}],
        "securityGroupSelectorTerms": [{"id": "sg-0123456789abcdef0"}],
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        "instanceStorePolicy": "RAID0",
    },
}
_NODE_POOL: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": {"name": "pool"},
    "spec": {
        "weight": 10,
        "limits": {"cpu": "1000"},
        "disruption": {"consolidationPolicy": "WhenEmpty", "consolidateAfter": "1m", "budgets": [{"nodes": "10%"}]},
        "template": {
            "metadata": {"labels": {"moka/workload": "spark-executor"}},
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "class"},
                "expireAfter": "720h",
                "taints": [{"key": "moka/workload", "value": "spark-executor", "effect": "NoSchedule"}],
                "requirements": [
                    {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]},
                    {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot", "on-demand"]},
                ],
            },
        },
    },
}
_APPLICATION: dict[str, Any] = {
    "apiVersion": "sparkoperator.k8s.io/v1beta2",
    "kind": "SparkApplication",
    "metadata": {"name": "pi", "namespace": "spark-ads"},
    "spec": {
        "type": "Python",
        "mode": "cluster",
        "sparkVersion": "4.1.2",
        "image": "ghcr.io/team/spark:4.1.2",
        "mainApplicationFile": "local:///opt/spark/examples/src/main/python/pi.py",
        "restartPolicy": {"type": "Never"},
        "driver": {"cores": 1, "memory": "1g", "serviceAccount": "spark"},
        "executor": {"instances": 2, "cores": 2, "memory": "4g"},
    },
}


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:production::moka::{kind}::{name}"


def _namespace(name: str, level: str) -> Resource:
    labels = {"pod-security.kubernetes.io/enforce": level}
    content = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    return Resource(_urn(_NAMESPACE, name), content)


def release(name: str, chart: str, version: str, namespace: str, values: Mapping[str, Any]) -> Resource:
    """A release in a namespace of the stack."""
    inputs = {
        "name": Path(chart).name,
        "chart": chart,
        "version": version,
        "namespace": namespace,
        "values": dict(values),
    }
    waits_for = frozenset(_urn(_NAMESPACE, each) for each in (namespace, "spark-ads"))
    return Resource(_urn(RELEASE, name), inputs, waits_for=waits_for)


def custom(where: tuple[str, str], content: Mapping[str, Any], bringer: tuple[str, str]) -> Resource:
    """A custom resource that waits for what brings its kind."""
    return Resource(_urn(*where), dict(content), waits_for=frozenset({_urn(*bringer)}))


def installed_stack() -> tuple[Resource, ...]:
    """Its resources."""
    values = operator_values(OperatorSettings(), SPARK_OPERATOR_CONTROLLER, ["spark-ads"], "submission")
    files = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "submission", "namespace": "spark-operator"}}
    data = {item["key"]: "" for item in values["controller"]["volumes"][1]["configMap"]["items"]}
    priority = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 1}
    return (
        _namespace("spark-operator", "restricted"),
        _namespace("karpenter", "restricted"),
        _namespace("spark-ads", "baseline"),
        Resource(
            _urn("kubernetes:scheduling.k8s.io/v1:PriorityClass", "p"),
            {**priority, "metadata": {"name": "moka-platform"}},
        ),
        Resource(_urn(_CONFIG_MAP, "submission"), {**files, "data": data}),
        release(OPERATOR[1], SPARK_OPERATOR.name, SPARK_OPERATOR.version, "spark-operator", values),
        release(KINDS[1], KARPENTER_CRD.name, KARPENTER_CRD.version, "karpenter", {}),
        custom(NODE_CLASS, _NODE_CLASS, KINDS),
        custom(NODE_POOL, _NODE_POOL, KINDS),
        custom(APPLICATION, _APPLICATION, OPERATOR),
    )
