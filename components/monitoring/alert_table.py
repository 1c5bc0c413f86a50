"""The table of every alert in docs/alerts.md, made from the rules: `python -m components.monitoring.alert_table FILE`.

Leaves out the text around it.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from components.monitoring.rules import RULE_FILES
from components.page import with_part

BEGIN = "<!-- table: made by components/monitoring/alert_table.py -->"
END = "<!-- end of table -->"
RANKS = ("critical", "warning", "info", "none")


@dataclass(frozen=True)
class Alert:
    """One alert as its rule states it.

    Args:
        name: its name.
        area: what the file is called that holds it, such as nodes.
        severity: critical, warning, info or none.
        team: who mends it.
        wait: how long it must hold before it fires, as Prometheus writes it.
        summary: what it says, with templates.
        runbook: path of its runbook from the top of the repository.
    """

    name: str
    area: str
    severity: str
    team: str
    wait: str
    summary: str
    runbook: str

    @property
    def meaning(self) -> str:
        """The summary with an ellipsis for what only a firing alert can fill in."""
        return re.sub(r"\{\{.*?\}\}", "…", self.summary)


def alerts(files: Iterable[Path] = RULE_FILES) -> list[Alert]:
    """Every alert, by area and the worst first.

    Args:
        files: rule files.
    """
    found = [
        Alert(
            rule["alert"],
            file.stem,
            rule["labels"]["severity"],
            rule["labels"]["team"],
            rule.get("for", "0s"),
            rule["annotations"]["summary"],
            rule["annotations"]["runbook_url"],
        )
        for file in files
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    return sorted(found, key=lambda alert: (alert.area, RANKS.index(alert.severity), alert.name))


def table(found: Iterable[Alert]) -> str:
    """Alerts as a Markdown table whose links start at docs/."""
    rows = [
        f"| {alert.area} | [{alert.name}]({alert.runbook.removeprefix('docs/')}) | {alert.severity} | {alert.team} "
        f"| {alert.wait} | {alert.meaning} |"
        for alert in found
    ]
    return "\n".join(("| area | alert | severity | team | after | says |", "|---|---|---|---|---|---|", *rows))


def with_table(text: str, found: Iterable[Alert]) -> str:
    """A page whose table is made anew.

    Args:
        text: the page; it holds both marks.
        found: every alert.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(text, BEGIN, table(found), END)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_table(page.read_text(encoding="utf-8"), alerts()), encoding="utf-8")
