"""The harness's node writes files as the kubelet and containerd do."""

import re
from pathlib import Path

import pytest

from tests.logging.node import PIECE_BYTES, Container

LINE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) ([PF]) (.*)")


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(tmp_path, "job-driver", "spark-kubernetes-driver", labels={"spark-role": "driver"})


def entries(path: Path) -> list[tuple[bytes, bytes]]:
    found = [LINE.fullmatch(line) for line in path.read_bytes().split(b"\n")[:-1]]
    return [(match[2], match[3]) for match in found if match]


def test_a_line_is_written_whole_up_to_sixteen_kibibytes_and_in_pieces_above(container: Container) -> None:
    container.write([b"x" * PIECE_BYTES, b"y" * (2 * PIECE_BYTES + 1), b""])
    assert [(tag, len(text)) for tag, text in entries(container.path)] == [
        (b"F", PIECE_BYTES),
        (b"P", PIECE_BYTES),
        (b"P", PIECE_BYTES),
        (b"F", 1),
        (b"F", 0),
    ]


def test_a_pause_comes_after_each_piece_but_the_last(container: Container) -> None:
    seen: list[int] = []
    container.write([b"x" * (2 * PIECE_BYTES + 1)], pause=lambda: seen.append(len(entries(container.path))))
    assert seen == [1, 2]


def test_the_kubelets_link_leads_to_the_file_and_is_cut_at_the_longest_name(tmp_path: Path) -> None:
    container = Container(tmp_path, "x" * 200, "spark-kubernetes-executor")
    (link,) = (tmp_path / "containers").iterdir()
    assert link.resolve() == container.path
    assert len(link.name) == 255
    assert "spark-kubernetes" in link.name
    assert not re.search(r"[0-9a-f]{64}\.log$", link.name), "the container's id is cut"


def test_a_rotated_file_keeps_its_lines_and_writing_goes_on_in_a_new_one(container: Container) -> None:
    container.write([b"old"])
    container.rotate()
    container.write([b"new"])
    assert entries(container.path) == [(b"F", b"new")]
    (rotated,) = [path for path in container.directory.iterdir() if path != container.path]
    assert entries(rotated) == [(b"F", b"old")]
    assert re.fullmatch(r"0\.log\.\d{8}-\d{6}\.\d+", rotated.name)


def test_a_container_that_starts_again_writes_the_next_file(container: Container) -> None:
    container.start_again()
    container.write([b"again"])
    assert container.path.name == "1.log"
    assert entries(container.path) == [(b"F", b"again")]


def test_a_deleted_pod_takes_its_logs_along(container: Container) -> None:
    container.delete()
    assert not container.pod_directory.exists()


def test_the_kubelet_tells_of_a_pod_what_the_agent_asks_for(container: Container) -> None:
    metadata = container.description()["metadata"]
    assert metadata == {
        "name": "job-driver",
        "namespace": "spark",
        "uid": container.uid,
        "labels": {"spark-role": "driver"},
    }
