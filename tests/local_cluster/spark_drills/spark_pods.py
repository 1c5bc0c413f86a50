"""Pods of a Spark application as Spark makes them from what a stack publishes for a team.

Defaults and pod templates are read from the team's namespace, so selectors, tolerations, annotations, labels, grace
periods and volumes are the stack's. Leaves out what only a running Spark would use: commands, ports, mounted settings.

Source: Apache Spark 4.1, "Running Spark on Kubernetes", and org.apache.spark.deploy.k8s.features.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import yaml

from components.scheduler.workloads import SCHEDULER_NAME
from components.spark.defaults import DEFAULTS
from components.teams.team import DEFAULTS_CONFIG_MAP
from moka_smoke.kubernetes_objects import KubernetesObjects

Role = Literal["driver", "executor"]
Pod = dict[str, Any]

# Where no setting says how long: Kubernetes' own.
_DEFAULT_GRACE_SECONDS = 30


@dataclass(frozen=True)
class Published:
    """What a stack publishes for a team.

    Args:
        files: name to content of every file of SPARK_CONF_DIR.
        namespace: the team's.
    """

    files: Mapping[str, str]
    namespace: str

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """Spark's defaults."""
        lines = [line.strip() for line in self.files[DEFAULTS].splitlines()]
        return dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))

    def below(self, prefix: str) -> dict[str, str]:
        """Settings whose keys begin so, by the rest of their keys."""
        return {key.removeprefix(prefix): value for key, value in self.settings.items() if key.startswith(prefix)}

    def template(self, role: Role) -> Pod:
        """The role's pod template."""
        return yaml.safe_load(self.files[f"{role}-pod-template.yaml"])


def published_for(api: KubernetesObjects, namespace: str) -> Published:
    """What the stack of a cluster publishes in a team's namespace."""
    return Published(api.named("ConfigMap", DEFAULTS_CONFIG_MAP, namespace)["data"], namespace)


def spark_pod(
    published: Published,
    role: Role,
    application: str,
    name: str,
    *,
    cpus: int,
    memory_mib: int,
    annotations: Mapping[str, str] | None = None,
) -> Pod:
    """A driver or an executor.

    Args:
        published: what the stack gives the team.
        role: of the pod.
        application: its id.
        name: of the pod.
        cpus: what it asks for.
        memory_mib: what it asks for, overhead included.
        annotations: those that the application itself sets.
    """
    pod = copy.deepcopy(published.template(role))
    prefix = f"spark.kubernetes.{role}."
    pod["metadata"] = {
        "name": name,
        "namespace": published.namespace,
        "labels": {
            **published.below(f"{prefix}label."),
            "spark-role": role,
            "spark-app-selector": application,
            "spark-app-name": application,
        },
        "annotations": {**published.below(f"{prefix}annotation."), **(annotations or {})},
    }
    memory = f"{memory_mib}Mi"
    container = {
        "name": f"spark-kubernetes-{role}",
        "image": published.settings.get("spark.kubernetes.container.image", "spark"),
        "resources": {"requests": {"cpu": str(cpus), "memory": memory}, "limits": {"memory": memory}},
    }
    claims = published.below(f"{prefix}volumes.persistentVolumeClaim.")
    names = {key.removesuffix(end): value for key, value in claims.items() if key.endswith(end := ".options.claimName")}
    pod["spec"] |= {
        "schedulerName": published.settings["spark.kubernetes.scheduler.name"],
        "serviceAccountName": published.settings[f"spark.kubernetes.authenticate.{role}.serviceAccountName"],
        "restartPolicy": "Never",
        "nodeSelector": published.below(f"{prefix}node.selector."),
        "terminationGracePeriodSeconds": grace_seconds(published, role),
        "containers": [container],
        "volumes": [{"name": volume, "persistentVolumeClaim": {"claimName": claim}} for volume, claim in names.items()],
    }
    assert pod["spec"]["schedulerName"] == SCHEDULER_NAME, pod["spec"]["schedulerName"]
    return pod


def grace_seconds(published: Published, role: Role) -> int:
    """How long a pod of a role may take to end."""
    said = published.settings.get(f"spark.kubernetes.{role}.terminationGracePeriodSeconds")
    return int(said.removesuffix("s")) if said else _DEFAULT_GRACE_SECONDS
