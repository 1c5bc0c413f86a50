"""Linters report nothing of the four stacks that is not on the written list, and the list has nothing beside it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.stack_files import ENVIRONMENTS
from tests.stacks.linters import conftest
from tests.stacks.linters.accepted import ACCEPTED
from tests.stacks.linters.finding import Accepted, Finding
from tests.stacks.linters.mistakes import PLANTED
from tests.stacks.linters.table import BEGIN, with_table

PAGE = Path(__file__).parents[3] / "docs" / "linters.md"
LINTERS = ("checkov", "kube-score")


def unlisted(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if not any(one.covers(each) for one in ACCEPTED)]


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_linter_reports_nothing_of_a_stack_that_is_not_listed(
    findings: list[Finding], stack: str, linter: str
) -> None:
    reported = [each for each in findings if each.stack == stack and each.check.startswith(f"{linter} ")]
    assert reported, "it did not look at the stack: both report something of each"
    assert unlisted(reported) == [], "mend it, or list it with a reason in tests/stacks/linters/accepted.py"


def test_everything_that_is_listed_is_reported_of_some_stack(findings: list[Finding]) -> None:
    reported = [each for each in findings if each.stack in ENVIRONMENTS]
    assert [stale for each in ACCEPTED for stale in each.stale(reported)] == [], "take it off the list"
    assert all(each.reason for each in ACCEPTED)


@pytest.mark.parametrize(("check", "place"), PLANTED)
def test_a_planted_mistake_is_reported_and_not_listed(findings: list[Finding], check: str, place: str) -> None:
    reported = [each for each in findings if each.stack == conftest.PLANTED]
    assert [each for each in unlisted(reported) if each.check.startswith(check) and each.place == place], reported


def directories_on_the_disk(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from directories_on_the_disk(each)
    elif isinstance(value, dict):
        if "emptyDir" in value:
            yield value
        for each in value.values():
            yield from directories_on_the_disk(each)


def test_every_directory_on_a_nodes_disk_has_a_size_limit_as_the_list_says(rendered: Mapping[str, Path]) -> None:
    files = {
        file: list(directories_on_the_disk(json.loads(file.read_text())))
        for stack in ENVIRONMENTS
        for file in rendered[stack].glob("kubernetes/*/*.json")
        if not file.name.startswith("customresourcedefinition-")
    }
    assert any(files.values())
    assert [file.name for file, found in files.items() for each in found if "sizeLimit" not in each["emptyDir"]] == []


def test_an_entry_is_about_its_checks_and_places_and_their_containers_alone() -> None:
    entry = Accepted(("a 1: x",), ("Deployment/logs/reader", "StatefulSet/*/store/init"), "a reason")
    for place in ("Deployment/logs/reader", "Deployment/logs/reader/main", "StatefulSet/logs/store/init"):
        assert entry.covers(Finding("dev", "a 1: x", place))
        assert not entry.covers(Finding("dev", "a 1: y", place))
    for place in ("Deployment/logs/reader-2", "Deployment/other/reader", "StatefulSet/logs/store/main"):
        assert not entry.covers(Finding("dev", "a 1: x", place))


def test_an_entry_is_about_its_stacks_alone_where_it_names_some() -> None:
    entry = Accepted(("a 1: x",), ("Deployment/logs/reader",), "a reason", ("test", "dev"))
    covered = [stack for stack in ENVIRONMENTS if entry.covers(Finding(stack, "a 1: x", "Deployment/logs/reader"))]
    assert covered == ["test", "dev"]


def test_an_entry_is_stale_where_one_of_its_places_is_reported_by_one_check_alone() -> None:
    entry = Accepted(("a 1: x", "b 2: y"), ("Deployment/logs/reader",), "a reason")
    reported = [Finding("dev", "a 1: x", "Deployment/logs/reader/main")]
    assert entry.stale(reported) == [("b 2: y", "Deployment/logs/reader")]


def test_the_page_has_the_list() -> None:
    text = PAGE.read_text()
    assert with_table(text) == text, "make docs writes it anew"


@pytest.mark.parametrize("page", ["", BEGIN])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_table(page)
