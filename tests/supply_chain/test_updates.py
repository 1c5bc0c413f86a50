"""Renovate finds every version that waits for it, and lets none in on the day of its release."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.supply_chain.files import ROOT, files

CONFIGURATION = json.loads((ROOT / ".github" / "renovate.json").read_text())
LEAST_DAYS = 7
# What each manager reads.
MANAGERS = {
    "dockerfile": "*Dockerfile",
    "github-actions": ".github/workflows/*.yaml",
    "gomod": "*go.mod",
    "npm": "*package-lock.json",
    "pip-compile": "requirements*.txt",
}
_MARKER = re.compile(r"^\s*#\s*renovate: (.*)$", re.MULTILINE)


def patterns(manager: dict[str, Any], key: str) -> list[re.Pattern[str]]:
    """Regular expressions of JavaScript, as Python writes them."""
    return [re.compile(each.strip("/").replace("(?<", "(?P<")) for each in manager[key]]


def unread(name: str, text: str) -> Iterator[str]:
    """Comments for Renovate that no custom manager reads, with a version below."""
    found = [
        match
        for manager in CONFIGURATION["customManagers"]
        if any(pattern.search(name) for pattern in patterns(manager, "managerFilePatterns"))
        for pattern in patterns(manager, "matchStrings")
        for match in pattern.finditer(text)
    ]
    for marker in _MARKER.finditer(text):
        # The match begins at the marker's #.
        if not [
            match for match in found if match.end() > marker.end() and marker.start() <= match.start() <= marker.end()
        ]:
            yield f"{name}: Renovate does not read {marker[1]!r}, or no version below it"


def test_renovate_reads_every_comment_that_was_written_for_it() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in files("*.py", "*Dockerfile", "*.yaml")}
    assert sum(len(_MARKER.findall(text)) for text in texts.values()) > 15
    assert [problem for name, text in texts.items() for problem in unread(name, text)] == []


def test_the_versions_that_renovate_reads_are_those_that_stand_there() -> None:
    (pattern,) = patterns(CONFIGURATION["customManagers"][0], "matchStrings")
    table = (ROOT / "components" / "images" / "table.py").read_text()
    charts = (ROOT / "components" / "charts" / "versions.py").read_text()
    found = {match["depName"]: match.groupdict() for match in pattern.finditer(table + charts)}
    assert found["quay.io/prometheus/prometheus"]["currentValue"] in re.findall(r'PROMETHEUS = Image\(.*"(v.*)"', table)
    assert found["apache/yunikorn"]["extractVersion"] == "^scheduler-(?<version>.*)$"
    assert found["spark-operator"]["registryUrl"] == "https://kubeflow.github.io/spark-operator"
    assert all(re.match(r"v?\d", each["currentValue"]) for each in found.values())


def test_every_kind_of_dependency_has_a_manager() -> None:
    assert set(CONFIGURATION["enabledManagers"]) == {*MANAGERS, "custom.regex"}
    assert all(list(files(pattern)) for pattern in MANAGERS.values())
    read = patterns(CONFIGURATION["pip-compile"], "managerFilePatterns")
    compiled = [*ROOT.glob("requirements*.txt"), *ROOT.glob("policies/requirements.txt")]
    compiled += ROOT.glob("tools/*/requirements.txt")
    names = [str(path.relative_to(ROOT)) for path in compiled]
    assert len(names) == 6
    assert [name for name in names if not any(each.search(name) for each in read)] == []
    # By default it passes directories of tests over, and programs of tests are pinned there.
    assert CONFIGURATION["ignorePresets"] == [":ignoreModulesAndTests"]


def test_a_release_waits_until_others_have_looked_at_it() -> None:
    days, unit = CONFIGURATION["minimumReleaseAge"].split()
    assert (int(days) >= LEAST_DAYS, unit) == (True, "days")
    # Otherwise a pull request comes at once, and only its check waits.
    assert CONFIGURATION["internalChecksFilter"] == "strict"
    assert not [rule for rule in CONFIGURATION["packageRules"] if "minimumReleaseAge" in rule or rule.get("automerge")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("components/images/table.py", '# renovate: depName=a/b datasource=docker\nA = Image("a/b", "1.0")\n'),
        ("components/images/table.py", '# renovate: datasource=docker depName=a/b\n# why\nA = Image("a/b", "1.0")\n'),
        ("components/images/table.py", '# renovate: datasource=docker depName=a/b versioning=loose\nA = "1.0"\n'),
        ("images/versions.txt", '# renovate: datasource=docker depName=a/b\nA = "1.0"\n'),
    ],
)
def test_a_comment_that_renovate_does_not_read_is_found(name: str, text: str) -> None:
    assert len(list(unread(name, text))) == 1


def test_a_comment_that_renovate_reads_is_none() -> None:
    text = '# renovate: datasource=go depName=example.com/a\n_VERSION = "1.0"\n'
    assert list(unread(str(Path("tools") / "a.py"), text)) == []
