"""Which scrape job emits which metrics, so that no alert and no panel asks for one that nobody emits."""

import re
from functools import cache
from typing import Any

import yaml

from components.monitoring.rules import ADDRESS_BLOCKS
from components.monitoring.workloads import FILES

# Beginning of a metric's name to the jobs that emit it; the longest beginning counts.
FAMILIES = {
    "kube_": ("kube-state-metrics",),
    "kubelet_": ("kubelet",),
    "container_": ("cadvisor",),
    "node_": ("node-exporter",),
    "awscni_": ("aws-node",),
    "fluentbit_": ("fluent-bit",),
    "apiserver_": ("apiserver",),
    "coredns_": ("coredns",),
    "yunikorn_": ("yunikorn",),
    "spark_application_": ("spark-operator",),
    "otelcol_": ("otel-agent", "otel-cluster"),
    "prometheus_": ("prometheus",),
    "alertmanager_": ("alertmanager",),
}
# Made by whoever scrapes or evaluates.
SYNTHETIC = {"up", "ALERTS", ADDRESS_BLOCKS}
WORDS = {"and", "or", "unless", "by", "on", "without", "ignoring", "group_left", "group_right", "offset", "bool", "inf"}


def metric_names(expression: str) -> set[str]:
    """Names of the metrics that a PromQL expression selects."""
    by_name = set(re.findall(r'__name__=~"([a-z_]+)', expression))
    text = re.sub(r'"[^"]*"', "", expression)
    text = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", text)
    text = re.sub(r"\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)", "", text)
    text = re.sub(r"\b\d[\w.+]*", "", text)
    names = re.findall(r"[A-Za-z_:][\w:]*(?!\w*\s*\()", text)
    return by_name | ({name for name in names if name not in WORDS})


@cache
def scrape_jobs() -> dict[str, dict[str, Any]]:
    """Every scrape job of the environment by its name."""
    jobs: dict[str, dict[str, Any]] = {}
    for file in ("collectors/agent.yaml", "collectors/cluster.yaml"):
        config = yaml.safe_load((FILES / file).read_text())
        jobs |= {each["job_name"]: each for each in config["receivers"]["prometheus"]["config"]["scrape_configs"]}
    own = yaml.safe_load((FILES / "prometheus.yaml").read_text())["scrape_configs"]
    return jobs | {each["job_name"]: each for each in own}


def is_kept(job: dict[str, Any], metric: str) -> bool:
    """Whether a job's relabelling lets a metric through."""
    for rule in job.get("metric_relabel_configs", []):
        if rule.get("source_labels") != ["__name__"]:
            continue
        matches = re.fullmatch(rule["regex"], metric) is not None
        if matches != (rule["action"] == "keep"):
            return False
    return True


def unknown_metrics(expression: str) -> set[str]:
    """Metrics of an expression that no scrape job emits and keeps."""
    jobs = scrape_jobs()
    missing = set()
    for metric in metric_names(expression) - SYNTHETIC:
        family = max((each for each in FAMILIES if metric.startswith(each)), key=len, default=None)
        if family is None or not any(is_kept(jobs[job], metric) for job in FAMILIES[family] if job in jobs):
            missing.add(metric)
    return missing
