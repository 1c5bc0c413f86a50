"""Driver, node, log agent and the way back agree on where an open event log is and what becomes of it."""

import fnmatch
import re
from datetime import UTC, datetime
from typing import Any

import yaml
from annotated_types import Le

from components.cluster.node_config import EVENT_LOG_DIRECTORY, EVENT_LOG_LEFTOVERS_DAYS
from components.logs.fluent_bit import FILES as LOG_FILES
from components.logs.settings import LogsSettings
from moka_logs.event_log_parts import find_parts

APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"
# As S3A names it, below the directory of its application.
BUFFER = f"{EVENT_LOG_DIRECTORY}/{APPLICATION}/s3ablock-0001-17853795351502982315.tmp"
PIPELINE = yaml.safe_load((LOG_FILES / "fluent-bit.yaml").read_text())["pipeline"]


def agent_input() -> dict[str, Any]:
    (found,) = (each for each in PIPELINE["inputs"] if fnmatch.fnmatch(BUFFER, str(each.get("path"))))
    return found


def test_one_input_of_the_agent_reads_the_buffers_of_drivers() -> None:
    parts = re.fullmatch(agent_input()["tag_regex"].replace("(?<", "(?P<"), BUFFER)
    assert parts
    assert parts.groupdict() == {"application": APPLICATION, "file": BUFFER.rpartition("/")[2]}
    assert agent_input()["read_from_head"] is True, "a buffer may have lines before the agent sees it"


def test_the_way_back_finds_what_the_agent_uploads() -> None:
    tag = agent_input()["tag"].replace("<application>", APPLICATION).replace("<file>", BUFFER.rpartition("/")[2])
    (output,) = (each for each in PIPELINE["outputs"] if fnmatch.fnmatch(tag, str(each.get("match"))))
    key = output["s3_key_format"].lstrip("/")
    for index, part in enumerate(tag.split(output["s3_key_format_tag_delimiters"])):
        key = key.replace(f"$TAG[{index}]", part)
    key = datetime(2026, 11, 23, 10, 0, 5, tzinfo=UTC).strftime(key).replace("$UUID", "a1b2c3d4")

    class Listing:
        """A bucket that holds the one object."""

        def get_paginator(self, _: str) -> "Listing":
            return self

        def paginate(
            self,
            *,
            Bucket: str,  # noqa: N803 boto3 spells them so
            Prefix: str,  # noqa: N803
            Delimiter: str = "",  # noqa: N803
        ) -> list[dict[str, Any]]:
            assert not Delimiter or Prefix == "teams/"
            assert Bucket == "events"
            return [{"Contents": [{"Key": key, "LastModified": 0}] if key.startswith(Prefix) else []}]

    assert find_parts(Listing(), "events", APPLICATION).fragments == (key,)
    assert output["compression"] == "gzip"
    assert output["log_key"] == "log", "lines are uploaded as Spark wrote them"


def test_what_a_dead_driver_left_outlives_every_outage_that_settings_allow() -> None:
    (longest,) = (
        each.le for each in LogsSettings.model_fields["longest_outage_hours"].metadata if isinstance(each, Le)
    )
    assert isinstance(longest, int)
    assert longest < EVENT_LOG_LEFTOVERS_DAYS * 24
