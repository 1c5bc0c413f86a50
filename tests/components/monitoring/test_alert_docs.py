"""The pages that people get with an alert: there for each, complete, and with commands and queries that are such."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from components.monitoring.alert_table import BEGIN, Alert, alerts, table, with_table
from components.monitoring.rules import RULE_FILES
from tests.components.monitoring.known_metrics import unknown_metrics

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "docs" / "alerts.md"
RUNBOOKS = PROJECT / "docs" / "runbooks"
ALERTS = alerts()
PAGES = sorted(path for path in RUNBOOKS.glob("*.md") if path.name != "README.md")
SECTIONS = ["What it means", "Impact", "Check", "Fix", "Escalate"]


def blocks(path: Path, language: str) -> list[str]:
    """Texts of a page's code blocks in a language."""
    pattern = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{found[1]}", "", found[2], flags=re.MULTILINE) for found in pattern.finditer(path.read_text())]


def queries(path: Path) -> list[str]:
    """A page's queries: each line of a block is one."""
    return [line for block in blocks(path, "promql") for line in block.splitlines() if line.strip()]


def alarms() -> set[str]:
    """Pages that the alarms of CloudWatch name, which no rule makes."""
    sources = (PROJECT / "components").rglob("*.py")
    return {page for path in sources for page in re.findall(r"docs/runbooks/(\w+)\.md", path.read_text())}


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_an_alert_leads_to_its_own_runbook(alert: Alert) -> None:
    assert alert.runbook == f"docs/runbooks/{alert.name}.md"
    assert (PROJECT / alert.runbook).is_file()


def test_there_is_no_runbook_of_an_alert_or_alarm_that_is_gone_and_none_is_missing() -> None:
    assert {path.stem for path in PAGES} == {alert.name for alert in ALERTS} | alarms()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_runbook_says_what_it_means_what_to_look_at_and_what_to_do(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem}\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    bodies = [body.strip() for body in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]]
    assert all(bodies), "a section is empty"
    assert blocks(page, r"\w+"), "nothing to look with"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_of_a_runbook_are_what_a_shell_takes(page: Path) -> None:
    for command in blocks(page, "sh"):
        done = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_queries_of_the_runbooks_are_what_prometheus_takes(promtool: Path, tmp_path: Path) -> None:
    found = [query for page in PAGES for query in queries(page)]
    assert len(found) > len(PAGES) / 2
    rules = [{"record": f"runbook:query{index}", "expr": query} for index, query in enumerate(found)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "runbooks", "rules": rules}]}))
    done = subprocess.run(
        [promtool, "check", "rules", "--lint=none", file], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_queries_of_a_runbook_ask_for_metrics_that_somebody_emits(page: Path) -> None:
    for query in queries(page):
        assert unknown_metrics(query) == set(), query


@pytest.mark.parametrize("page", [PAGE, RUNBOOKS / "README.md", *PAGES], ids=name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_table_of_alerts_is_that_of_the_rules() -> None:
    text = PAGE.read_text()
    assert with_table(text, ALERTS) == text, "make docs writes it anew"
    assert text.count("](runbooks/") >= len(ALERTS)


def test_a_row_shows_what_a_rule_states(tmp_path: Path) -> None:
    annotations = {"summary": "{{ $value }} of x", "description": "d", "runbook_url": "docs/runbooks/X.md"}
    rule = {"alert": "X", "expr": "up == 0", "for": "3m", "labels": {"severity": "info", "team": "spark"}}
    file = tmp_path / "things.yaml"
    rules = [{"record": "a:b", "expr": "up"}, rule | {"annotations": annotations}]
    file.write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": rules}]}))
    assert table(alerts([file])).splitlines()[-1] == "| things | [X](runbooks/X.md) | info | spark | 3m | … of x |"


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="table: made by"):
        with_table("text", ALERTS)
    with pytest.raises(ValueError, match="end of table"):
        with_table(f"text {BEGIN}", ALERTS)


def test_every_rule_file_is_in_the_table() -> None:
    assert {alert.area for alert in ALERTS} == {file.stem for file in RULE_FILES}
