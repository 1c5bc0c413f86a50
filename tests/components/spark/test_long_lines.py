"""files/log4j2.properties in real Log4j: texts of a size that its own default would cut."""

import json
import re
from pathlib import Path

import pytest

from components.spark.defaults import FILES
from tests.programs.log4j import Log4j

CONFIGURATION = FILES / "log4j2.properties"
PROGRAM = Path(__file__).parent / "files" / "LongTexts.java"
LAYOUT = dict(re.findall(r"^appender\.console\.layout\.(\w+) = (\w+)", CONFIGURATION.read_text(), re.MULTILINE))
LIMIT = int(LAYOUT.get("maxStringLength", 16_384))


def logged(log4j: Log4j, *arguments: str, options: tuple[str, ...] = ()) -> tuple[list[dict[str, str]], str]:
    """Lines as they were logged, and what the program says that they are."""
    done = log4j.run(PROGRAM, arguments, CONFIGURATION, ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", *options))
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stderr.splitlines()], done.stdout


@pytest.mark.verify
@pytest.mark.parametrize("characters", [16_385, 40_048, LIMIT])
def test_a_long_message_is_whole(log4j: Log4j, characters: int) -> None:
    (line,), text = logged(log4j, "message", str(characters))
    assert len(line["message"]) == characters
    assert line["message"] == text


@pytest.mark.verify
@pytest.mark.parametrize("causes", [10, 300])
def test_a_trace_of_many_causes_is_whole_and_ends_in_the_root_cause(log4j: Log4j, causes: int) -> None:
    (line,), text = logged(log4j, "trace", str(causes))
    assert text.rindex("Caused by: java.io.IOException: No space left on device") > 16_384
    assert line["exception"] == text


@pytest.mark.verify
def test_a_text_above_the_limit_ends_in_a_sign_that_it_was_cut(log4j: Log4j) -> None:
    (line,), text = logged(log4j, "message", str(LIMIT + 1))
    assert line["message"] == text[:LIMIT] + "…"


@pytest.mark.verify
def test_threads_that_log_do_not_each_keep_a_buffer(log4j: Log4j) -> None:
    lines, count = logged(log4j, "threads", "200", options=("-Xmx128m",))
    assert len(lines) == int(count)
    assert all(line["exception"].count("Caused by:") == 1 for line in lines)
