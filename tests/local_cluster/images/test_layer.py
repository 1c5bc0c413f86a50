"""A layer is made once, names each file once, and has the same bytes whenever it is made from the same things."""

import tarfile
from pathlib import Path

import pytest

from local_cluster.images.layer import Layer, LayerWriter, cached_layer
from offline.progress import silent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "moka"


def write(layer: LayerWriter, place: Path) -> None:
    (place / "program").write_bytes(b"from a file")
    layer.file("bin/program", place / "program", 0o755)
    layer.file("bin/program", b"again")
    layer.file("./etc/passwd", b"root")
    layer.link("sbin", "bin")
    layer.directory("work", 0o775, user=185)


def made(inputs: str = "1") -> Layer:
    return cached_layer("test", inputs, write, silent)


def test_directories_come_before_what_is_in_them_and_the_first_of_a_name_stays() -> None:
    with tarfile.open(made().path) as archive:
        assert archive.getnames() == ["bin", "bin/program", "etc", "etc/passwd", "sbin", "work"]
        program = archive.extractfile("bin/program")
        assert program is not None
        assert program.read() == b"from a file"
        assert (archive.getmember("bin/program").mode, archive.getmember("work").uid) == (0o755, 185)
        assert archive.getmember("sbin").linkname == "bin"


def test_the_same_inputs_make_one_layer_and_others_another_of_the_same_bytes() -> None:
    first, second, other = made(), made(), made("2")
    assert first.path == second.path
    assert other.path != first.path
    assert other.digest == first.digest


def test_a_failed_build_leaves_nothing(cache: Path) -> None:
    def fail(layer: LayerWriter, _: Path) -> None:
        layer.file("half", b"")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        cached_layer("test", "", fail, silent)
    assert [path.name for path in cache.iterdir()] == ["lock"]
