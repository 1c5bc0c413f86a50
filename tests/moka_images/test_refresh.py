"""The next build of the images is asked for as a change of three files that belong together."""

import re
from datetime import UTC, datetime

import pytest

from components.images.table import HISTORY_SERVER, SPARK, SPARK_WITH_CELEBORN
from moka_images.refresh import (
    BAKE_FILE,
    DOCKERFILE,
    TABLE,
    Base,
    RefreshError,
    base_of,
    newest,
    refreshed_bake_file,
    refreshed_dockerfile,
    refreshed_table,
)

DAY = datetime(2027, 1, 4, tzinfo=UTC)
BASE = Base("trixie-20261230-slim", f"sha256:{'b' * 64}")


def changed_lines(before: str, after: str) -> list[str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new for old, new in pairs if old != new]


def test_the_latest_day_is_the_newest_whatever_else_there_is() -> None:
    tags = ["trixie-slim", "trixie-20261230-slim", "trixie-20260918-slim", "bookworm-20270101-slim", "trixie-20270101"]
    assert newest(tags) == "trixie-20261230-slim"
    with pytest.raises(RefreshError, match="no tag such as"):
        newest(["latest"])


def test_base_and_day_of_the_packages_move_together_and_nothing_else() -> None:
    before = DOCKERFILE.read_text()
    after = refreshed_dockerfile(before, BASE, DAY)
    base, packages, security = changed_lines(before, after)
    assert base.endswith(f":{BASE.tag}@{BASE.digest}")
    assert packages.endswith("/debian/20270104T000000Z")
    assert security.endswith("/debian-security/20270104T000000Z")
    assert base_of(after) == BASE


def test_every_image_gets_the_next_tag_in_the_table() -> None:
    revisions = [each.tag for each in (SPARK, SPARK_WITH_CELEBORN, HISTORY_SERVER)]
    wanted = sorted(f"{tag.rpartition('-')[0]}-{int(tag.rpartition('-')[2]) + 1}" for tag in revisions)
    table = changed_lines(TABLE.read_text(), refreshed_table(TABLE.read_text()))
    assert sorted(re.findall(r'", "(\S+)"\)$', "\n".join(table), re.MULTILINE)) == wanted


def test_images_get_the_time_of_the_packages() -> None:
    bake = changed_lines(BAKE_FILE.read_text(), refreshed_bake_file(BAKE_FILE.read_text(), DAY))
    assert bake == [f'  default = "{int(DAY.timestamp())}"']


def test_a_file_that_is_not_as_it_should_be_is_named() -> None:
    with pytest.raises(RefreshError, match=r"table\.py has 0 of 3 places"):
        refreshed_table("IMAGES = ()")
    with pytest.raises(RefreshError, match="Dockerfile names no"):
        base_of("FROM debian")
