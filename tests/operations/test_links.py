"""Every link from one page to another, or to a file, leads to what is there, its heading included."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.operations.pages import ROOT, pages

_LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)")
_CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors that GitHub gives a page's headings."""
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings)


@pytest.mark.parametrize("page", pages())
def test_each_link_of_a_page_leads_to_what_is_there(page: str) -> None:
    file, wrong = ROOT / page, list[str]()
    for path, anchor in _LINK.findall(_CODE.sub("", file.read_text())):
        target = (file.parent / path).resolve() if path else file
        if not target.exists():
            wrong.append(f"{path}: there is no such file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            wrong.append(f"{path}#{anchor}: the page has no such heading")
    assert wrong == []
