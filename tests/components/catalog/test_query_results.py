"""The saved queries, run on rows as the agents write them: a database that speaks nearly Athena's SQL answers."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from components.catalog.queries import saved_queries
from components.catalog.tables import TABLES
from tests.components.catalog.sample_logs import (
    APPLICATION,
    DAY,
    HYPHENS,
    NAMESPACE,
    OTHER,
    POD,
    SAMPLES,
    SLASHES,
    day,
)
from tests.components.catalog.samples import rows

Query = Callable[..., list[tuple[Any, ...]]]
TEXTS = {query.name: query.text for query in saved_queries()}


def translated(text: str) -> str:
    """A query of Athena in DuckDB's words, asked on the day of the samples."""
    tree = sqlglot.parse_one(text, read="athena")
    for node in list(tree.find_all(exp.CurrentDate)):
        node.replace(exp.cast(exp.Literal.string(DAY.isoformat()), "date"))
    for node in list(tree.find_all(exp.RegexpExtract)):
        # Where nothing matches DuckDB gives the empty text, and Athena NULL.
        node.replace(exp.Nullif(this=node.copy(), expression=exp.Literal.string("")))
    return tree.sql("duckdb")


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        found = rows(SAMPLES)
        for table in TABLES:
            columns = {column.name: column.type for column in table.columns}
            columns |= {partition.column.name: partition.column.type for partition in table.partitions}
            types = {name: exp.DataType.build(type_, dialect="hive").sql("duckdb") for name, type_ in columns.items()}
            types["$path"] = "TEXT"
            declared = ", ".join([f'"{name}" {type_}' for name, type_ in types.items()])
            connection.execute(f"CREATE TABLE {table.name} ({declared})")
            for row in found[table.name]:
                marks = ", ".join(f"CAST(? AS {type_})" for type_ in types.values())
                values = [fitted(row.get(name), columns.get(name, "string")) for name in types]
                connection.execute(f"INSERT INTO {table.name} VALUES ({marks})", values)
        yield connection


def fitted(value: Any, type_: str) -> Any:
    """A value with exactly the fields of its type: the SerDe leaves out others and fills in none."""
    if not type_.startswith("struct<"):
        return value
    names = [field.split(":")[0] for field in type_.removeprefix("struct<").removesuffix(">").split(",")]
    return {name: (value or {}).get(name) for name in names}


@pytest.fixture(scope="module")
def ask(database: duckdb.DuckDBPyConnection) -> Query:
    return lambda name, *values: database.execute(translated(TEXTS[name]), list(values)).fetchall()


def test_all_lines_of_an_application_come_in_order_and_no_other_applications(ask: Query) -> None:
    found = ask("application-lines", NAMESPACE, APPLICATION)
    assert len(found) == 3 + 2 + 250 + 2 + 1 + 240
    assert not [line for *_, line in found if "not your" in line]
    assert [(pod, time) for pod, _, _, time, _ in found[:9]] == [
        ("etl-driver", "2026-11-23T10:00:00.000Z"),
        (POD, "2026-11-23T10:00:30.000Z"),
        (POD, "2026-11-23T10:00:31.000Z"),
        ("etl-9f2c-exec-8", "2026-11-23T10:00:32.000Z"),
        ("etl-driver", "2026-11-23T10:00:40.000Z"),
        ("etl-driver", "2026-11-23T10:00:41.000Z"),
        ("etl-driver", None),
        ("etl-driver", "2026-11-23T10:01:05"),
        ("etl-driver-retry", "2026-11-23T11:00:00.000Z"),
    ]
    assert found[6][4] == "java.lang.OutOfMemoryError: Java heap space", "where its object starts, at 10:01:00"
    assert found[-241][3] == "2026-11-23T11:04:09.000Z"
    assert {row[2] for row in found[-240:]} == {"vault-agent"}, "where its object starts, at 12:00:00"


def test_the_last_lines_of_each_attempts_driver_come_newest_first(ask: Query) -> None:
    found = ask("failed-driver-last-lines", NAMESPACE, APPLICATION)
    by_pod: dict[str, list[str]] = {}
    for pod, container, _, line in found:
        by_pod.setdefault(pod if container != "vault-agent" else f"{pod}/{container}", []).append(line)
    assert list(by_pod) == ["etl-driver", "etl-driver/vault-agent", "etl-driver-retry"]
    assert by_pod["etl-driver/vault-agent"] == ["token"] * 200, "a sidecar takes no line of its driver's away"
    assert by_pod["etl-driver"][:2] == [
        "java.lang.OutOfMemoryError: Java heap space",
        "26/11/23 10:01:05 ERROR Utils: Uncaught exception",
    ]
    assert len(by_pod["etl-driver"]) == 5
    assert len(by_pod["etl-driver-retry"]) == 200
    assert '"n249"' in by_pod["etl-driver-retry"][0]
    assert '"n50"' in by_pod["etl-driver-retry"][-1]


def test_the_same_errors_of_an_application_are_counted_together(ask: Query) -> None:
    found = {
        error: (level, times, pods)
        for level, error, times, pods, *_ in ask("application-errors", NAMESPACE, APPLICATION)
    }
    assert found == {
        "Exception in task #.# in stage #.#": ("ERROR", 2, 2),
        "Lost executor # on #.#.#.#: The executor with id # exited with exit code #": ("ERROR", 2, 1),
        "Utils: Uncaught exception": ("ERROR", 1, 1),
    }


def test_lost_executors_come_with_their_exit_codes(ask: Query) -> None:
    assert [(driver, code) for driver, code, _ in ask("lost-executors", NAMESPACE, APPLICATION)] == [
        ("etl-driver", "137"),
        ("etl-driver", "143"),
    ]


def test_the_busiest_pods_come_first(ask: Query) -> None:
    found = ask("busiest-pods", NAMESPACE, APPLICATION)
    assert found[0][:3] == ("driver", "etl-driver-retry", 250)
    assert sum(lines for *_, lines, _ in found) == 258 + 240
    assert {pod for _, pod, *_ in found} == {"etl-driver", "etl-driver-retry", POD, "etl-9f2c-exec-8"}


def test_usage_is_summed_by_queue_and_day_once_for_each_application(ask: Query) -> None:
    assert ask("usage-per-queue-and-day") == [
        ("root.etl", day(HYPHENS), 2, 6.0, 1.0),
        ("root.adhoc", day(HYPHENS), 1, 0.0, 0.0),
        ("root.etl", day(HYPHENS, 3), 1, 1.0, 0.0),
    ]


def test_the_largest_applications_come_first_with_their_wait(ask: Query) -> None:
    assert ask("largest-applications") == [
        (APPLICATION, "root.etl", "ada", "Completed", 2.0, 30.0, 4.0, 1.0),
        (OTHER, "root.etl", "ada", "Failed", 2.0, 30.0, 2.0, 0.0),
        ("spark-dddd4444", "root.etl", "ada", "Completed", 2.0, 30.0, 1.0, 0.0),
        ("spark-cccc3333", "root.adhoc", "ada", "Completed", 2.0, 30.0, 0.0, 0.0),
    ]


def test_a_pods_events_come_in_order_and_once(ask: Query) -> None:
    assert [(happened, type_, reason, times) for happened, type_, reason, times, _ in ask("pod-events", POD)] == [
        ("2026-11-23T12:00:00Z", "Warning", "FailedScheduling", 2),
        ("2026-11-23T13:00:00Z", "Normal", "Scheduled", 3),
    ]


def test_warnings_are_counted_by_the_objects_that_they_are_about(ask: Query) -> None:
    assert [row[:5] for row in ask("warnings-of-the-last-day")] == [
        ("FailedScheduling", "Pod", "spark", 2, 2),
        ("Evicted", "Pod", "spark", 1, 1),
    ]


def test_lines_of_system_pods_are_those_since_yesterday(ask: Query) -> None:
    assert ask("system-pod-lines", "coredns%") == [
        ("coredns-1", day(SLASHES), "[INFO] up"),
        ("coredns-1", day(SLASHES), "\x1f cut \x1f"),
    ]


def test_a_nodes_journal_is_in_order(ask: Query) -> None:
    assert [message for *_, message in ask("node-lines", "node-1")] == ["first", "second"]


def test_a_nodes_lines_say_who_wrote_them_the_kernel_too(ask: Query) -> None:
    assert [row[1:] for row in ask("node-lines", "node-2")] == [
        ("kubelet.service", "other node"),
        ("kernel", "ena 0000:00:05.0: link is up"),
        ("kernel", "Out of memory: Killed process 9 (java)"),
        ("kernel", "nvme nvme1: I/O timeout"),
    ]


def test_kernels_warnings_are_found_on_every_node_and_nothing_else_is(ask: Query) -> None:
    assert [row[1:] for row in ask("kernel-warnings")] == [
        ("node-2", "3", "Out of memory: Killed process 9 (java)"),
        ("node-2", "4", "nvme nvme1: I/O timeout"),
    ]


def test_every_saved_query_is_run_here() -> None:
    with open(__file__) as file:
        tested = file.read()
    assert [name for name in TEXTS if f'ask("{name}"' not in tested] == []
