"""The table of controls names checks that exist, and the page shows the table as it is."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from components.settings import STACKS
from policies.benchmark import BENCHMARK, ELSEWHERE
from policies.catalog import RULES
from policies.control import Control
from policies.controls import BEGIN, CONTROLS, UNCHECKED, table, with_table

PROJECT = STACKS.parent
PAGE = PROJECT / "docs" / "security.md"
NODE_ID = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


@cache
def functions_of(file: Path) -> set[str]:
    """Names of a test file's functions, which is read and not imported."""
    return {each.name for each in ast.parse(file.read_text()).body if isinstance(each, ast.FunctionDef)}


def faults_of(check: str) -> list[str]:
    """What is wrong with the name of a check."""
    named = NODE_ID.fullmatch(check)
    if not named:
        return [f"{check} is not tests/<file>.py::<function>"]
    file = PROJECT / named[1]
    if not file.is_file():
        return [f"{named[1]} does not exist"]
    return [] if named[2] in functions_of(file) else [f"{named[1]} has no function {named[2]}"]


def test_each_of_the_sixty_two_controls_stands_there_once_and_in_order() -> None:
    assert [each.number for each in CONTROLS] == list(range(1, 63))
    assert not [title for title, times in Counter(each.title for each in CONTROLS).items() if times > 1]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: str(control.number))
def test_every_check_of_a_control_exists(control: Control) -> None:
    assert [fault for each in control.checks for fault in faults_of(each)] == []
    assert len(set(control.checks)) == len(control.checks)


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("tests/components/network/test_network.py::test_of_nothing", "has no function test_of_nothing"),
        ("tests/components/network/test_nothing.py::test_private_dns_works_in_the_vpc", "does not exist"),
        ("test_private_dns_works_in_the_vpc", "is not tests/"),
        ("tests/components/network/test_network.py", "is not tests/"),
    ],
)
def test_a_check_that_does_not_exist_is_named(check: str, fault: str) -> None:
    (said,) = faults_of(check)
    assert fault in said


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: str(control.number))
def test_a_control_is_checked_or_says_why_not(control: Control) -> None:
    is_unchecked = control.number in dict(UNCHECKED)
    assert [bool(control.checks), bool(control.out_of_scope), is_unchecked].count(True) == 1


def test_what_is_unchecked_is_a_control_and_gives_a_reason() -> None:
    assert {number for number, _ in UNCHECKED} <= {each.number for each in CONTROLS}
    assert all(reason for _, reason in UNCHECKED)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: str(control.number))
def test_a_control_answers_recommendations_that_the_benchmark_has(control: Control) -> None:
    assert [each for each in control.benchmark if each not in BENCHMARK] == []
    assert control.how.endswith(".")
    assert "|" not in f"{control.title}{control.how}{control.out_of_scope}"


def test_every_recommendation_of_the_benchmark_is_answered_or_left_out_with_a_reason() -> None:
    answered = {recommendation for each in CONTROLS for recommendation in each.benchmark}
    left_out = {each for each in BENCHMARK if each in ELSEWHERE or each.rpartition(".")[0] in ELSEWHERE}
    assert answered | left_out == set(BENCHMARK)
    assert not answered & left_out
    assert len(BENCHMARK) == 50


def test_the_page_has_the_table_of_the_controls() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text) == text, "make docs writes it anew"


def test_links_of_the_page_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", PAGE.read_text(encoding="utf-8"))
    assert len(targets) > 100
    assert [each for each in targets if not each.startswith("https:") and not (PAGE.parent / each).exists()] == []


def test_a_row_shows_tests_as_sentences_rules_of_the_pack_and_reasons() -> None:
    checked = Control(90, "One", ("4.1.1",), "It does.", ("tests/test_markers.py::test_every_marker_has_a_target",))
    by_rule = Control(8, "Two", (), "It does.", ())
    beyond = Control(92, "Three", (), "Nothing.", (), out_of_scope="somebody else's")
    first, second, third = table([checked, by_rule, beyond]).splitlines()[2:5]
    assert first == "| 90 | One | 4.1.1 | It does. | [markers: every marker has a target](../tests/test_markers.py) |"
    assert second.endswith("| rule `nobody-is-cluster-admin` |")
    assert third.endswith("| out of scope: somebody else's |")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_table(f"{BEGIN}\n")


def test_every_rule_of_the_pack_holds_a_control_of_the_table() -> None:
    numbers = {control.number for control in CONTROLS}
    assert [rule.name for rule in RULES if not rule.controls or not numbers.issuperset(rule.controls)] == []
