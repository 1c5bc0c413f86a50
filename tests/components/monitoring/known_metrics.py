"""Which scrape job emits which metrics, so that no alert and no panel asks for one that nobody emits.

Names, labels and their origin stand in components/monitoring/sources; whether they get through, in the relabelling of
the collectors and of Prometheus.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from components.monitoring.rules import ADDRESS_BLOCKS
from components.monitoring.sources import SOURCES, Family, Source
from components.monitoring.workloads import FILES
from tests.components.monitoring.promql import Selector, label_problems, parse, selectors
from tests.components.monitoring.relabelling import keeps_name

# What the program records itself, and its labels.
RECORDED = {ADDRESS_BLOCKS: {"zone"}}
# Labels of every series: of its scrape, and of where it comes from.
LABELS = {"job", "instance", "cluster", "replica"}
# Made by whoever evaluates rules; alerts carry the labels of their rule and of what they saw.
ALERT_METRICS = {"ALERTS", "ALERTS_FOR_STATE"}
ALERT_LABELS = {"alertname", "alertstate", "severity", "team"}


@cache
def scrape_jobs() -> dict[str, dict[str, Any]]:
    """Every scrape job of the environment by its name."""
    jobs: dict[str, dict[str, Any]] = {}
    for file in ("collectors/agent.yaml", "collectors/cluster.yaml"):
        config = yaml.safe_load((FILES / file).read_text())
        jobs |= {each["job_name"]: each for each in config["receivers"]["prometheus"]["config"]["scrape_configs"]}
    own = yaml.safe_load((FILES / "prometheus.yaml").read_text())["scrape_configs"]
    return jobs | {each["job_name"]: each for each in own}


def families(selector: Selector) -> Iterator[tuple[Source, Family]]:
    """Families that a selector reads, of jobs that it does not leave out and that keep them."""
    job_matchers = [(operator, value) for label, operator, value in selector.matchers if label == "job"]
    for source in SOURCES:
        jobs = scrape_jobs() if source.job == "*" else {source.job: scrape_jobs()[source.job]}
        wanted = {name: job for name, job in jobs.items() if all(_agrees(name, *each) for each in job_matchers)}
        for family in source.families:
            names = [name for name in family.names.split() if selector.selects(name)]
            if any(keeps_name(job, name) or source.job == "*" for name in names for job in wanted.values()):
                yield source, family


def labels_of(selector: Selector) -> set[str]:
    """Labels that a selector's series may have."""
    if selector.name in ALERT_METRICS:
        return LABELS | ALERT_LABELS
    if selector.name in RECORDED:
        return LABELS | RECORDED[selector.name]
    found = set(LABELS)
    for source, family in families(selector):
        found |= {*family.labels.split(), *source.labels.split()}
        if source.job == "*":
            found |= {"node", "pod", "namespace", "spark_app_id", "spark_role"}
    return found


def metric_names(expression: str) -> set[str]:
    """Names of the metrics that a PromQL expression selects; the plain beginning of one that it matches."""
    names: set[str] = set()
    for each in selectors(parse(expression)):
        patterns = [value for label, _, value in each.matchers if label == "__name__"]
        names |= {each.name} if each.name else {re.split(r"[^\w:]", pattern)[0] for pattern in patterns}
    return names


def unknown_metrics(expression: str) -> set[str]:
    """Metrics of an expression that no scrape job emits and keeps."""
    unknown = set()
    for each in selectors(parse(expression)):
        if each.name not in ALERT_METRICS | RECORDED.keys() and not list(families(each)):
            unknown.add(each.name or str(each.matchers))
    return unknown


def unknown_labels(expression: str) -> list[str]:
    """Labels that an expression selects, groups or joins by, and that the metrics concerned do not have."""
    tree = parse(expression)
    problems = [
        f"{each.name or each.matchers} has no label {label}"
        for each in selectors(tree)
        for label, _, _ in each.matchers
        if label != "__name__" and label not in labels_of(each)
    ]
    return problems + label_problems(tree, labels_of)


def _agrees(job: str, operator: str, value: str) -> bool:
    matches = re.fullmatch(value, job) is not None if operator in ("Re", "NotRe") else job == value
    return matches == (operator in ("Equal", "Re"))
