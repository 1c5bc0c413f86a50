"""How applications that the operator submits come to the environment's defaults, although nobody names them.

The controller runs spark-submit in its own container, with its own environment, so that Spark reads the defaults and
log4j2.properties in its SPARK_CONF_DIR. The pod templates that the defaults name are another matter: the operator
always names files of its own, with --conf, which wins. So SPARK_HOME leads it to a spark-submit of ours first
(`files/spark_submit.py`).

Source: kubeflow/spark-operator 2.5.0, internal/controller/sparkapplication/submission.go, runSparkSubmit,
driverPodTemplateOption and executorPodTemplateOption; internal/scheduler/yunikorn/scheduler.go; apache/spark,
SparkSubmitCommandBuilder.java for SPARK_SUBMIT_OPTS; its image, Dockerfile, which is Spark's own with Python.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from components.operator.settings import SUBMISSION_HEAP_MIB
from components.spark.defaults import COMPANIONS, DEFAULTS

SUBMIT = Path(__file__).parent / "files" / "spark_submit.py"
PODS = "pods.json"
# Read, and executed, by anybody.
MODE = 0o555

DIRECTORY = "/etc/spark-operator"
SPARK_HOME = "/opt/spark"

_ROLES = ("driver", "executor")
_SELECTOR = re.compile(r"^spark\.kubernetes\.(driver|executor)\.node\.selector\.(\S+)\s+(\S+)$", re.MULTILINE)

# Where each file lies in the container.
PLACES: Mapping[str, str] = {
    SUBMIT.name: "home/bin/spark-submit",
    PODS: PODS,
    **{name: f"conf/{name}" for name in (DEFAULTS, *COMPANIONS)},
}


def submission_files(defaults: Mapping[str, str]) -> dict[str, str]:
    """Name to content of everything that the controller mounts.

    Args:
        defaults: what `published_files` of Spark's defaults gives.
    """
    return {
        **defaults,
        SUBMIT.name: SUBMIT.read_text(encoding="utf-8"),
        PODS: json.dumps(submitted_pods(defaults), indent=2, sort_keys=True),
    }


def submitted_pods(defaults: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By role, the node selector and the spec that its pods have by the defaults.

    Args:
        defaults: Spark's defaults and the templates that they name.
    """
    selectors: dict[str, dict[str, str]] = {role: {} for role in _ROLES}
    for match in _SELECTOR.finditer(defaults[DEFAULTS]):
        selectors[match[1]][match[2]] = match[3]
    return {
        role: {
            "nodeSelector": selectors[role],
            "spec": yaml.safe_load(defaults[f"{role}-pod-template.yaml"])["spec"],
        }
        for role in _ROLES
    }


def submission_environment() -> dict[str, str]:
    """Variables of the controller."""
    return {
        "SPARK_HOME": f"{DIRECTORY}/home",
        "REAL_SPARK_HOME": SPARK_HOME,
        "SPARK_CONF_DIR": f"{DIRECTORY}/conf",
        "SUBMITTED_PODS": f"{DIRECTORY}/{PODS}",
        # In cluster mode Spark sets no limit of its own, and each JVM would take a quarter of the container.
        "SPARK_SUBMIT_OPTS": f"-Xmx{SUBMISSION_HEAP_MIB}m",
    }


def submission_volume(name: str, config_map: Any) -> dict[str, Any]:
    """The pod's volume of these files, as a value of the chart.

    Args:
        name: name that containers mount it by.
        config_map: name of the ConfigMap.
    """
    items = [{"key": key, "path": path} for key, path in PLACES.items()]
    return {"name": name, "configMap": {"name": config_map, "defaultMode": MODE, "items": items}}
