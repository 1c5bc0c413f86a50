"""Both programs run on the Spark that images of local clusters have, and count and sum right."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from moka_smoke.word_count import expected_counts, text
from tests.examples.applications import EXAMPLES
from tests.real_spark import spark_home, submitted

pytestmark = pytest.mark.verify

ROWS = 5_000
Submit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def submit(tmp_path_factory: pytest.TempPathFactory) -> Submit:
    """Runs a program of examples in one process."""
    home = spark_home(tmp_path_factory.mktemp("spark"))
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    return lambda program, *arguments: submitted(home, settings, EXAMPLES / program, *arguments)


def test_words_are_counted_and_written_both_ways(submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text(text())
    done = submit("word_count.py", tmp_path / "words.txt", tmp_path / "counts", 0)
    assert done.returncode == 0, done.stderr[-3000:]
    (part,) = (tmp_path / "counts" / "json").glob("part-*")
    rows = [json.loads(line) for line in part.read_text().splitlines()]
    assert {row["word"]: row["count"] for row in rows} == expected_counts()
    assert [row["count"] for row in rows] == sorted(expected_counts().values(), reverse=True)
    assert list((tmp_path / "counts" / "parquet").glob("part-*.parquet"))
    assert dict(re.findall(r"^counted (\S+) (\d+)$", done.stdout, re.MULTILINE)).keys() == expected_counts().keys()


def test_every_query_of_the_store_sales_sums_every_sale(submit: Submit, tmp_path: Path) -> None:
    done = submit("store_sales.py", tmp_path / "sales", ROWS)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.findall(r"^query (\w+) took [\d.]+ s$", done.stdout, re.MULTILINE) == [
        "by_brand_and_month",
        "by_item_and_day",
        "by_rank_in_category",
    ]
    assert f"made {ROWS} sales" in done.stdout
