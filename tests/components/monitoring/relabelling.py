"""Relabelling as a scrape does it, so that real expositions can be sent through the collectors' rules.

Leaves out hashmod, labelmap and the case changes, which no rule uses. Source: Prometheus documentation,
"Configuration", relabel_config. `$$` is the collector's escape of `$`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

LINE = re.compile(r"^(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Labels = Mapping[str, str]


def parse_exposition(text: str) -> list[dict[str, str]]:
    """Series of a text exposition as their labels, the name among them."""
    series = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = LINE.match(line)
            assert match, line
            series.append({"__name__": match["name"], **dict(LABEL.findall(match["labels"] or ""))})
    return series


def relabel(rules: Sequence[Mapping[str, Any]], labels: Labels) -> dict[str, str] | None:
    """A series after all rules; None when one of them drops it."""
    series = dict(labels)
    for rule in rules:
        pattern = re.compile(f"^(?:{rule.get('regex', '(.*)')})$")
        value = ";".join(series.get(each, "") for each in rule.get("source_labels", []))
        match rule.get("action", "replace"):
            case "keep" if not pattern.match(value):
                return None
            case "drop" if pattern.match(value):
                return None
            case "labeldrop":
                series = {name: each for name, each in series.items() if not pattern.match(name)}
            case "replace" if found := pattern.match(value):
                template = re.sub(r"\$\{?(\d+)\}?", r"\\g<\1>", rule.get("replacement", "$1").replace("$$", "$"))
                series[rule["target_label"]] = found.expand(template)
            case "keep" | "drop" | "replace":
                pass
            case other:
                raise ValueError(f"no rule uses {other}")
    return series


def keeps_name(job: Mapping[str, Any], metric: str) -> bool:
    """Whether a job's rules on names alone let a metric through."""
    rules = [rule for rule in job.get("metric_relabel_configs", []) if rule.get("source_labels") == ["__name__"]]
    kept = relabel(rules, {"__name__": metric})
    return kept is not None and kept["__name__"] == metric
