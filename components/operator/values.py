"""What the Spark Operator's chart is given, as pure functions of settings and names.

Leaves out what the chart's defaults say already: leader election, certificates that the webhook makes for itself, a
scratch volume of the webhook, metrics.

Source: kubeflow/spark-operator 2.5.0, charts/spark-operator-chart, values.yaml and templates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.charts.versions import SPARK_OPERATOR
from components.images.image import Image, registry_of
from components.images.table import SPARK_OPERATOR_CONTROLLER
from components.operator.settings import OperatorSettings
from components.operator.submission import DIRECTORY, submission_environment, submission_volume
from components.workloads.labels import PART_OF
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes
from components.workloads.workload import Workload

NAMESPACE = "spark-operator"
NAME = SPARK_OPERATOR.name
# Of its image: spark.
USER_ID = 185

METRICS_PORT = 8080
WEBHOOK_PORT = 9443
SCHEDULER = "yunikorn"

Values = dict[str, Any]


def operator_workload(component: str) -> Workload:
    """Names and labels of the pods of a part of the operator.

    Args:
        component: controller or webhook, as the chart labels its pods.
    """
    return Workload(NAME, component, NAMESPACE, SPARK_OPERATOR_CONTROLLER)


def operator_values(
    settings: OperatorSettings, image: Image, namespaces: Sequence[str], files: pulumi.Input[str]
) -> Values:
    """Values of the chart.

    Args:
        settings: size.
        image: of both parts, where nodes pull it from.
        namespaces: of applications; the operator looks nowhere else.
        files: name of the ConfigMap with what submissions read.

    Raises:
        ValueError: without any namespace, which the operator takes for all of them.
    """
    if not namespaces or "" in namespaces:
        raise ValueError(f"the Spark Operator must be told its namespaces, or it watches every one; got {namespaces!r}")
    return {
        "commonLabels": {"app.kubernetes.io/part-of": PART_OF},
        "image": _image(image),
        "spark": {
            "jobNamespaces": sorted(namespaces),
            # Teams have accounts and roles of their own.
            "serviceAccount": {"create": False},
            "rbac": {"create": False},
        },
        "controller": _controller(settings, files),
        "webhook": {
            **_pods(settings),
            "port": WEBHOOK_PORT,
            "resources": _resources("100m", 256),
        },
        "prometheus": {"metrics": {"enable": True, "port": METRICS_PORT}},
    }


def _image(image: Image) -> Values:
    registry = registry_of(image.repository)
    # The chart knows no digest; it writes the tag behind the colon as it is.
    tag = image.reference.removeprefix(f"{image.repository}:")
    return {"registry": registry, "repository": image.repository.removeprefix(f"{registry}/"), "tag": tag}


def _controller(settings: OperatorSettings, files: pulumi.Input[str]) -> Values:
    return {
        **_pods(settings),
        "workers": settings.submissions_at_once,
        "batchScheduler": {"enable": True, "default": SCHEDULER},
        "uiService": {"enable": False},
        "uiIngress": {"enable": False},
        "env": [{"name": name, "value": value} for name, value in submission_environment().items()],
        "volumes": [
            {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
            submission_volume("submission", files),
        ],
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp", "readOnly": False},
            {"name": "submission", "mountPath": DIRECTORY, "readOnly": True},
        ],
        "resources": _resources("500m", settings.controller_memory_mib),
    }


def _pods(settings: OperatorSettings) -> Values:
    """What both parts share: where their pods run, how many, and what they may do there."""
    several = settings.replicas > 1
    return {
        "replicas": settings.replicas,
        "labels": {"app.kubernetes.io/part-of": PART_OF},
        "logEncoder": "json",
        "nodeSelector": on_system_nodes(),
        "priorityClassName": PLATFORM,
        # The chart puts the selector of its pods into each, and refuses them for a single replica.
        "topologySpreadConstraints": [_spread(key) for key in _SPREAD_OVER] if several else [],
        "podDisruptionBudget": {"enable": several, "minAvailable": max(settings.replicas - 1, 1)},
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER_ID,
            "runAsGroup": USER_ID,
            "fsGroup": USER_ID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }


_SPREAD_OVER = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")


def _spread(key: str) -> Mapping[str, Any]:
    return {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway"}


def _resources(cpu: str, memory_mib: int) -> Values:
    return {"requests": {"cpu": cpu, "memory": f"{memory_mib}Mi"}, "limits": {"memory": f"{memory_mib}Mi"}}
