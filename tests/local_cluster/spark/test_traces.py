"""Log lines are read from the files that a kubelet writes, whole, and those of the pod alone."""

from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.spark.traces import as_json, log_lines, requests_of

TIME = "2026-11-25T10:00:00.123456789Z"


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """A cluster."""
    return ClusterDirectory(tmp_path, "dev")


def write(directory: ClusterDirectory, pod: str, *lines: str, node: str = "real-1", file: str = "0.log") -> None:
    """A file of a pod's container on a node."""
    path = directory.nodes / node / "var" / "log" / "pods" / pod / "spark-kubernetes-driver" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def test_time_stream_and_tag_go_and_the_line_stays_as_it_was_written(directory: ClusterDirectory) -> None:
    write(directory, "spark_driver_1", f"{TIME} stdout F counted moka 1000", f"{TIME} stderr F ", f"{TIME} stderr F  a")
    assert list(log_lines(directory, "spark", "driver")) == ["counted moka 1000", "", " a"]


def test_a_line_that_was_cut_is_one_again_whatever_the_other_stream_says_meanwhile(directory: ClusterDirectory) -> None:
    write(
        directory,
        "spark_driver_1",
        f'{TIME} stderr P {{"message": "long ',
        f"{TIME} stdout F between",
        f"{TIME} stderr P and ",
        f'{TIME} stderr F longer"}}',
    )
    assert list(log_lines(directory, "spark", "driver")) == ["between", '{"message": "long and longer"}']


def test_a_character_that_ends_lines_elsewhere_ends_none_here(directory: ClusterDirectory) -> None:
    write(directory, "spark_driver_1", f'{TIME} stderr F {{"message": "a\u2028b\x85c"}}', f"{TIME} stderr F 10%\r20%")
    assert list(log_lines(directory, "spark", "driver")) == ['{"message": "a\u2028b\x85c"}', "10%\r20%"]


def test_lines_of_restarts_and_of_every_node_are_read_and_other_pods_lines_are_not(directory: ClusterDirectory) -> None:
    write(directory, "spark_driver_1", f"{TIME} stdout F first")
    write(directory, "spark_driver_1", f"{TIME} stdout F second", file="1.log")
    write(directory, "spark_driver_2", f"{TIME} stdout F elsewhere", node="real-2")
    write(directory, "spark_driver-2_3", f"{TIME} stdout F another's")
    write(directory, "other_driver_4", f"{TIME} stdout F another namespace's")
    assert list(log_lines(directory, "spark", "driver")) == ["first", "second", "elsewhere"]
    assert list(log_lines(directory, "spark", "executor")) == []


def test_of_lines_those_that_are_json_objects_are_told_apart() -> None:
    lines = iter(['{"application": "spark-1"}', "counted moka 1000", "17", '{"cut": "of'])
    assert list(as_json(lines)) == [{"application": "spark-1"}]


def test_requests_of_a_service_account_are_read_from_the_log_of_all(directory: ClusterDirectory) -> None:
    assert requests_of(directory, "spark/word-count") == []
    directory.make()
    entries = ('{"serviceAccount": "spark/word-count", "decision": "allowed"}', '{"serviceAccount": "spark/spark"}')
    (directory.logs / "aws-requests.jsonl").write_text("\n".join(entries) + "\n")
    assert [each["decision"] for each in requests_of(directory, "spark/word-count")] == ["allowed"]
