"""Every limit on the length of a line, from the layout that makes it to the agent that stores it, in one row."""

import re

import pytest

from components.spark.defaults import FILES as SPARK_FILES
from tests.components.logs.test_fluent_bit_file import CONTAINER_INPUTS, size

# Default of containerd's max_container_log_line_size, which Amazon's AMI leaves alone: a longer line comes in pieces.
PIECE_BYTES = 16 * 1024
# Time, stream and tag before a piece, and the line break after it.
PREFIX_BYTES = 64


def test_the_layout_of_sparks_lines_cuts_nothing_that_a_person_would_read() -> None:
    text = (SPARK_FILES / "log4j2.properties").read_text()
    (characters,) = re.findall(r"^appender\.console\.layout\.maxStringLength = (\d+)$", text, re.MULTILINE)
    assert int(characters) >= 64 * PIECE_BYTES, "a line of one piece says nothing about the layout's limit"


@pytest.mark.parametrize("source", CONTAINER_INPUTS, ids=lambda each: each["alias"])
def test_the_agent_takes_whole_pieces_so_that_it_has_no_limit_on_a_line(source: dict[str, str]) -> None:
    assert size(source["buffer_max_size"]) >= 16 * (PIECE_BYTES + PREFIX_BYTES)
