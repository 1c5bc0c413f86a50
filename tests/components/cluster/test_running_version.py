"""A cluster that somebody else upgraded is not downgraded."""

import pytest

from components.cluster.running_version import rules_of_running_version


@pytest.mark.parametrize(
    ("wanted", "running"), [("1.35", None), ("1.35", "1.35"), ("1.36", "1.35"), ("1.9", "1.9"), ("1.10", "1.9")]
)
def test_what_runs_at_the_same_version_or_an_older_one_is_no_obstacle(wanted: str, running: str | None) -> None:
    assert not list(rules_of_running_version(wanted, running))


@pytest.mark.parametrize(("wanted", "running"), [("1.35", "1.36"), ("1.9", "1.10")])
def test_settings_older_than_the_cluster_are_refused_with_the_version_that_runs(wanted: str, running: str) -> None:
    (violation,) = rules_of_running_version(wanted, running)
    assert violation.field == "cluster.kubernetes_version"
    assert f'kubernetes_version: "{running}"' in violation.fix
    assert "--refresh" in violation.fix
