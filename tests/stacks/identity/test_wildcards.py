"""No policy grants by a wildcard that is not on the written list, and the list has none that no policy has."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from components.identity.wildcard import Wildcard
from components.identity.wildcard_table import BEGIN, with_table
from components.identity.wildcards import WILDCARDS
from tests.stacks.identity.deployed import Deployed
from tests.stacks.identity.granted_wildcards import granted_wildcards

PAGE = Path(__file__).parents[3] / "docs" / "security-identity.md"


def covers(listed: Wildcard, policy: str, sid: str) -> bool:
    return listed.sid == sid and fnmatchcase(policy, listed.policy)


def test_each_wildcard_is_listed_with_a_reason(deployed: Deployed) -> None:
    unlisted = [
        (policy, sid, sorted(texts))
        for policy, sid, texts in granted_wildcards(deployed)
        if not any(covers(each, policy, sid) and texts <= set(each.texts) for each in WILDCARDS)
    ]
    assert unlisted == [], "narrow the policy, or list it in components/identity/wildcards.py"


def test_each_listed_wildcard_is_granted(everything: Deployed) -> None:
    found = list(granted_wildcards(everything))
    for each in WILDCARDS:
        granted = {text for policy, sid, texts in found if covers(each, policy, sid) for text in texts}
        assert granted == set(each.texts), f"{each.policy} {each.sid}: take what nobody grants off the list"
        assert each.reason


def test_the_page_has_the_list() -> None:
    text = PAGE.read_text()
    assert with_table(text) == text, "make docs writes it anew"


@pytest.mark.parametrize("page", ["", BEGIN])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_table(page)
