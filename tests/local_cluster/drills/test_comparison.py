"""A change is carried out on a cluster that is made for it, and told as the API server takes it."""

from pathlib import Path

import pytest

from local_cluster.change import carried_out
from offline.progress import silent
from tests.stacks.project_copy import PROJECT, copy_of_project, set_settings

pytestmark = pytest.mark.cluster

SERVICES = "components/workloads/services.py"


@pytest.fixture
def head(tmp_path: Path) -> Path:
    return copy_of_project(tmp_path / "head")


def test_a_change_that_the_api_server_takes_is_told_as_it_acts_on_it(head: Path) -> None:
    set_settings(head, "test", {"spark/executors/maximum": 12})
    answer = carried_out(PROJECT, head, "test", silent)
    assert answer.refusal == ""
    assert {(each.operation, each.urn.rpartition("::")[2]) for each in answer.changes} >= {
        ("replace", "spark-operator-submission")
    }
    assert answer.unsettled == ()


def test_what_only_a_cluster_knows_is_refused_there(head: Path) -> None:
    file = head / SERVICES
    text = file.read_text()
    assert 'cluster_ip="None"' in text
    file.write_text(text.replace('cluster_ip="None"', 'cluster_ip="192.0.2.7"'))
    answer = carried_out(None, head, "test", silent)
    assert "the provided network does not match the current range" in answer.refusal
    assert answer.changes == ()
