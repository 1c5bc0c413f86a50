"""Pods that Spark makes from files of a ConfigMap: `spark-defaults.conf`, and the pod templates that it names.

A driver or executor has its template's spec and labels, the node selector of Spark's settings, and Spark's own labels.
Leaves out everything else that Spark puts into a pod, and settings that a user gives with an application.

Sources: Apache Spark, "Running Spark on Kubernetes", Pod Template and spark.kubernetes.driver.node.selector; the labels
from resource-managers/kubernetes/core, Constants.scala.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import UNKNOWN, Properties, has_unknown

SETTINGS_FILE = "spark-defaults.conf"
# Labels that every application has, each with another value.
_LABELS_OF_APPLICATIONS = ("spark-app-name", "spark-app-selector", "spark-version")
_LABELS_OF_EXECUTORS = ("spark-exec-id", "spark-exec-resourceprofile-id")
_SOURCE = 'Apache Spark, "Running Spark on Kubernetes", Pod Template'
_TEMPLATE = re.compile(r"spark\.kubernetes\.(driver|executor)\.podTemplateFile")
_SELECTOR = re.compile(r"spark\.kubernetes\.(driver|executor)\.node\.selector\.(.+)")


@dataclass(frozen=True)
class SparkPods:
    """The pods of one role.

    Args:
        holder: the ConfigMap.
        file: name of the template in it.
        pods: what Spark makes of it.
    """

    holder: KubernetesObject
    file: str
    pods: PodTemplate


def spark_pods(stack: Stack) -> Iterator[SparkPods]:
    """The pods of each role whose template is there and can be read."""
    for holder, role, file in _templates(stack):
        template = _template_in(_files(holder).get(file))
        if template is not None:
            spec = mapping(template["spec"])
            selector = {**mapping(spec.get("nodeSelector")), **_selector(holder, role)}
            own = mapping(mapping(template.get("metadata")).get("labels"))
            labels = {**own, **_labels(role)}
            yield SparkPods(holder, file, PodTemplate(f'data["{file}"]', labels, {**spec, "nodeSelector": selector}))


def labels_in(stack: Stack, namespace: str) -> list[Properties]:
    """Labels of all pods that the stack knows in a namespace, Spark's included: they run where their files are."""
    spark = [each.pods.labels for each in spark_pods(stack) if each.holder.namespace == namespace]
    return [each.labels for _, each in stack.pods_in(namespace)] + spark


def _labels(role: str) -> Properties:
    names = (*_LABELS_OF_APPLICATIONS, *(_LABELS_OF_EXECUTORS if role == "executor" else ()))
    return {**dict.fromkeys(names, UNKNOWN), "spark-role": role}


def templates_can_be_read(judge: str, stack: Stack) -> Iterator[Finding]:
    """Each template that the settings name is in the ConfigMap, and is a pod."""
    for holder, role, file in _templates(stack):
        if file not in _files(holder):
            rule = f"names the {role}'s template {file}, which the ConfigMap does not hold"
            found = holder.finding(judge, f"data[{SETTINGS_FILE}]", rule, _SOURCE, "Add the file, or correct its name")
            yield replace(found, value=file)
        elif _template_in(_files(holder)[file]) is None:
            rule = "is no Pod with a spec, which Spark's template must be"
            yield holder.finding(judge, f"data[{file}]", rule, _SOURCE, "Write a Pod")


def _templates(stack: Stack) -> Iterator[tuple[KubernetesObject, str, str]]:
    """ConfigMap, role, and the name of the file that is the role's template."""
    for found in stack.objects:
        if found.kind == "ConfigMap":
            for key, value in _settings(found):
                if match := _TEMPLATE.fullmatch(key):
                    yield found, match[1], value.rsplit("/", 1)[-1]


def _selector(holder: KubernetesObject, role: str) -> Properties:
    matches = ((_SELECTOR.fullmatch(key), value) for key, value in _settings(holder))
    return {match[2]: value for match, value in matches if match and match[1] == role}


def _settings(holder: KubernetesObject) -> Iterator[tuple[str, str]]:
    """Keys and values of Spark's settings file: the first white space, colon or equals sign parts them."""
    text = _files(holder).get(SETTINGS_FILE)
    for line in text.splitlines() if isinstance(text, str) else ():
        parts = re.split(r"[\s=:]+", line.strip(), maxsplit=1)
        if len(parts) == 2 and not line.lstrip().startswith("#"):
            yield parts[0], parts[1].strip()


def _files(holder: KubernetesObject) -> Properties:
    files = mapping(holder.content.get("data"))
    return {} if has_unknown(files) else files


def _template_in(text: Any) -> Properties | None:
    return _pod_in(text) if isinstance(text, str) else None


@cache
def _pod_in(text: str) -> Properties | None:
    try:
        template = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    is_pod = isinstance(template, dict) and template.get("kind") == "Pod" and isinstance(template.get("spec"), dict)
    return template if is_pod else None
