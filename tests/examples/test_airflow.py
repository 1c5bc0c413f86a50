"""Airflow's DAG names arguments that the operator has, and submits the SparkApplication of the team."""

import runpy
import sys
from types import ModuleType
from typing import Any

import pytest
import yaml

from components.teams.names import namespace_of
from tests.examples.applications import EXAMPLES, application

# apache/airflow, providers/cncf/kubernetes, operators/spark_kubernetes.py, SparkKubernetesOperator.__init__, and of the
# classes above it what every task has.
KNOWN = {
    *("image", "code_path", "namespace", "name", "application_file", "template_spec", "get_logs", "do_xcom_push"),
    *("success_run_history_limit", "startup_timeout_seconds", "log_events_on_failure", "reattach_on_restart"),
    *("delete_on_termination", "kubernetes_conn_id", "random_name_suffix", "task_id"),
}


class Dag:
    """A DAG that remembers its name."""

    made: "list[tuple[Any, ...]]" = []  # noqa: RUF012 - filled anew by the fixture

    def __init__(self, name: str, **_: Any) -> None:
        self.made.append((name,))

    def __enter__(self) -> "Dag":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Arguments of each task of the DAG."""
    found: list[dict[str, Any]] = []
    operators = "airflow.providers.cncf.kubernetes.operators.spark_kubernetes"
    modules = {name: ModuleType(name) for name in ("airflow", "airflow.sdk", operators)}
    for parent in ("airflow.providers", "airflow.providers.cncf", "airflow.providers.cncf.kubernetes"):
        modules[parent] = ModuleType(parent)
    modules[operators.rpartition(".")[0]] = ModuleType(operators.rpartition(".")[0])
    setattr(modules["airflow.sdk"], "DAG", Dag)  # noqa: B010 - the type checker knows no such name
    setattr(modules[operators], "SparkKubernetesOperator", lambda **given: found.append(given))  # noqa: B010
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(Dag, "made", [])
    runpy.run_path(str(EXAMPLES / "airflow_dag.py"))
    assert Dag.made == [("store_sales",)]
    return found


def test_the_operator_has_every_argument(tasks: list[dict[str, Any]]) -> None:
    (task,) = tasks
    assert task.keys() <= KNOWN


def test_what_is_submitted_is_the_example_in_the_teams_namespace(tasks: list[dict[str, Any]]) -> None:
    (task,) = tasks
    submitted = yaml.safe_load((EXAMPLES / task["application_file"]).read_text())
    assert submitted == application("store-sales")
    assert task["namespace"] == submitted["metadata"]["namespace"] == namespace_of("analytics")
    assert "{{" not in (EXAMPLES / task["application_file"]).read_text(), "Airflow would replace it"
