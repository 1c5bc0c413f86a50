"""Whatever a line holds, a stream of any encoding takes it: a character that it lacks comes as an escape."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moka_logs.cli import main
from moka_logs.text import decoded, show_any_text
from tests.moka_logs.conftest import APPLICATION, NAMESPACE, SparkLogs

ROOT = Path(__file__).parent.parent.parent
ENCODINGS = ["ascii", "latin-1", "cp1252", "cp037", "shift_jis", "utf-16"]


def shown(line: bytes, encoding: str) -> bytes:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding, errors="strict")
    show_any_text(stream)
    stream.write(decoded(line))
    stream.flush()
    return written.getvalue()


@given(st.binary())
def test_a_stream_in_utf_8_gets_every_byte_back_as_it_was(line: bytes) -> None:
    assert shown(line, "utf-8") == line


def escaped(character: str, encoding: str) -> str:
    """What a reader of the stream finds for a character."""
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    try:
        return character.encode(encoding).decode(encoding)
    except UnicodeError:
        width, letter = next((each, by) for each, by in ((2, "x"), (4, "u"), (8, "U")) if number < 16**each)
        return f"\\{letter}{number:0{width}x}"


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.one_of(st.binary(), st.text(st.characters(exclude_categories=["Cs"])).map(str.encode)))
def test_a_stream_of_another_encoding_gets_an_escape_for_what_it_lacks(encoding: str, line: bytes) -> None:
    assert shown(line, encoding).decode(encoding) == "".join(escaped(each, encoding) for each in decoded(line))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_lines_and_warnings_come_out_in_any_encoding(
    logs: SparkLogs, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    logs.ship("etl", "20261123T100000", "✓ größer 😀 \ufffd", b"\xff\xe2\x82", "the line that matters")
    logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/größe✓/20261123T100000-u.log.gz", b"damaged")
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding, errors="strict")
    warned = io.BytesIO()
    error = io.TextIOWrapper(warned, encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", error)
    assert main([APPLICATION, "--stack", "dev"]) == 0
    lines = written.getvalue().decode(encoding).split("\n")
    word = "gr\\xf6\\xdfer" if encoding == "ascii" else "größer"
    assert lines == [
        f"executor/etl \\u2713 {word} \\U0001f600 \\ufffd",
        "executor/etl \\xff\\xe2\\x82",
        "executor/etl the line that matters",
        "",
    ]
    said = warned.getvalue().decode(encoding)
    assert "e\\u2713/20261123T100000-u.log.gz is damaged" in said


@pytest.mark.parametrize("module", ["moka_logs", "moka_logs.event_log"])
def test_wrong_usage_is_told_in_any_encoding(module: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii:strict"}
    ended = subprocess.run(
        [sys.executable, "-m", module, "spark-✓", "--stack", "größe"],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
