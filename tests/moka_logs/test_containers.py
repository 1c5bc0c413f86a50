"""Containers of one pod, which may be called anything, in `python -m moka_logs` and in the keys that it reads."""

import gzip
import re
from datetime import UTC, datetime

import pytest
import yaml

from components.logs.fluent_bit import FILES
from moka_logs.cli import main
from moka_logs.object_keys import LogObject, Pod
from tests.moka_logs.conftest import APPLICATION, NAMESPACE, SparkLogs

OWN = "spark-kubernetes-driver"


def ship(logs: SparkLogs, container: str, time: str, *lines: str) -> None:
    key = f"spark/{NAMESPACE}/{APPLICATION}/driver/etl-driver/20261123T{time}-{container}-1a2b3c4d.log.gz"
    logs.put(key, gzip.compress("".join(f"{line}\n" for line in lines).encode()))


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    assert main([APPLICATION, "--stack", "dev"]) == 0
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err


def test_lines_say_which_container_wrote_them_unless_spark_named_it(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    ship(logs, OWN, "100000", "26/11/23 10:00:00 INFO a", "26/11/23 10:00:02 INFO c")
    ship(logs, "vault-agent", "100001", "2026-11-23T10:00:01.000Z b")
    ship(logs, "main-app", "100003", "26/11/23 10:00:03 INFO d")
    lines, said = printed(capsys)
    assert lines == [
        "driver/etl-driver 26/11/23 10:00:00 INFO a",
        "driver/etl-driver/vault-agent 2026-11-23T10:00:01.000Z b",
        "driver/etl-driver 26/11/23 10:00:02 INFO c",
        "driver/etl-driver/main-app 26/11/23 10:00:03 INFO d",
    ]
    assert "of 1 pods" in said


def test_pieces_of_one_containers_line_are_not_joined_with_anothers(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    ship(logs, OWN, "100000", "26/11/23 10:00:00 INFO long, \x1f")
    ship(logs, "vault-agent", "100001", "26/11/23 10:00:01 INFO short")
    ship(logs, OWN, "100002", "longer")
    assert set(printed(capsys)[0]) == {
        "driver/etl-driver 26/11/23 10:00:00 INFO long, longer",
        "driver/etl-driver/vault-agent 26/11/23 10:00:01 INFO short",
    }


@pytest.mark.parametrize("container", [OWN, "main-app", "a", "x-1", "20261123t100000"])
def test_the_agents_keys_are_read_whatever_the_container_is_called(container: str) -> None:
    outputs = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())["pipeline"]["outputs"]
    (pattern,) = (each["s3_key_format"] for each in outputs if each["alias"] == "s3_spark")
    tag = ["spark", NAMESPACE, APPLICATION, "driver", "etl-driver", container]
    key = re.sub(r"\$TAG\[(\d)\]", lambda match: tag[int(match[1])], pattern)
    for sign, value in {"%Y": "2026", "%m": "11", "%d": "23", "%H": "10", "%M": "59", "%S": "07"}.items():
        key = key.replace(sign, value)
    found = LogObject.parse(
        key.replace("$UUID", "1a2b3c4d").removeprefix("/"), 1, datetime(2026, 11, 23, 11, tzinfo=UTC)
    )
    assert found
    assert found.pod == Pod("driver", "etl-driver", "" if container == OWN else container)


def test_a_key_without_a_container_is_sparks_own(logs: SparkLogs) -> None:
    assert logs.object(logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/d/20261123T100000-u.log.gz", b"")).pod == Pod(
        "driver", "d"
    )
