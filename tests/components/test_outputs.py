"""What a stack exports: nothing without a word on what people do with it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from components import outputs
from components.deployed import OUTPUT
from components.settings import STACKS

ROOT = STACKS.parent


def test_an_output_without_a_row_is_refused_with_the_place_to_write_it() -> None:
    with pytest.raises(ValueError, match=r"output vpc_idd has no row in components/outputs\.py: write what"):
        outputs.export("vpc_idd", "vpc-1")


def test_an_output_with_a_row_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    exported: dict[str, object] = {}
    monkeypatch.setattr(outputs.pulumi, "export", exported.__setitem__)
    outputs.export("vpc_id", "vpc-1")
    outputs.export("backend_url", "s3://state")
    assert exported == {"vpc_id": "vpc-1", "backend_url": "s3://state"}


@pytest.mark.parametrize(
    ("program", "rows"),
    [("__main__.py", outputs.OUTPUTS), ("bootstrap/__main__.py", outputs.BOOTSTRAP_OUTPUTS)],
)
def test_each_program_exports_what_has_a_row_and_past_the_table_nothing(program: str, rows: Mapping[str, str]) -> None:
    text = (ROOT / program).read_text()
    # Some are only there where a setting asks for them, so that no stack need have every one.
    named = {name or OUTPUT for name in re.findall(r'\bexport\((?:"(\w+)"|OUTPUT)', text)}
    assert named == rows.keys()
    assert "pulumi.export" not in text


def test_every_page_that_a_row_names_is_there() -> None:
    rows = {**outputs.OUTPUTS, **outputs.BOOTSTRAP_OUTPUTS}.values()
    pages = {page for row in rows for page in re.findall(r"docs/\S+\.md|[A-Z]+\.md", row)}
    assert pages
    assert [page for page in pages if not Path(ROOT / page).is_file()] == []
