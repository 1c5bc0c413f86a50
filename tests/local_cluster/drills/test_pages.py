"""Every statement of the pages for those who submit runs in a drill, or it is known what it needs."""

import re

import pytest

from tests.local_cluster.drills.pages import ELSEWHERE, PAGES, reason_for_elsewhere, statements, whole

EVERY = [each for page in PAGES for each in statements(page)]


@pytest.mark.parametrize("start", ELSEWHERE)
def test_what_can_not_run_here_stands_on_a_page(start: str) -> None:
    assert [each for each in EVERY if re.match(start, each)]


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"docs/shuffle.md"}))
def test_a_page_has_statements_that_run_here(page: str) -> None:
    assert [each for each in statements(page) if not reason_for_elsewhere(each)]


def test_a_statement_of_several_lines_is_one() -> None:
    (pipe,) = [each for each in statements("examples/README.md") if each.startswith("kubectl patch")]
    assert pipe.count("\n") == 2
    assert pipe.endswith("kubectl create -f -")
    loop = ["for each in a b; do", '  echo "$each"', "done"]
    assert whole([*loop, "true"]) == ["\n".join(loop), "true"]
