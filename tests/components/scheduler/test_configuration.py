"""What YuniKorn's two ConfigMaps say."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from components.scheduler.configuration import PROCESSED, defaults, digest_of, namespaces_pattern, queues
from tests.components.scheduler.queues import ACCOUNT, SETTINGS, TEAMS, names


@given(st.sets(names), names)
def test_the_namespaces_of_teams_are_matched_and_no_other(teams: set[str], other: str) -> None:
    pattern = namespaces_pattern(teams)
    assert "," not in pattern, "YuniKorn splits the value there"
    for team in teams:
        assert re.search(pattern, f"spark-{team}")
        assert not re.search(pattern, f"my-spark-{team}")
        assert not re.search(pattern, f"spark-{team}-more")
    assert bool(re.search(pattern, f"spark-{other}")) == (other in teams)


def test_without_teams_no_namespace_is_matched_because_an_empty_value_means_all() -> None:
    assert not re.search(namespaces_pattern([]), "kube-system")
    assert queues(SETTINGS, {})[PROCESSED] != ""


def test_summaries_are_written_whatever_else_is_quiet_and_name_the_cluster() -> None:
    found = defaults(ACCOUNT)
    assert found["log.core.scheduler.application.usage.level"] == "INFO"
    assert found["service.clusterId"] == "moka-dev"


def test_what_changes_with_teams_restarts_nothing() -> None:
    assert not defaults(ACCOUNT).keys() & queues(SETTINGS, TEAMS).keys()


def test_a_changed_default_changes_the_digest() -> None:
    mirrored = replace(ACCOUNT, mirror="registry.internal/moka")
    assert digest_of(defaults(ACCOUNT)) != digest_of(defaults(mirrored))
    assert digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})
