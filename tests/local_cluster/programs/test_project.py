"""Where programs come from: the cache, and then each way in turn."""

from functools import partial
from pathlib import Path

import pytest

from local_cluster.programs.project import Project, Way, find, released
from offline.errors import MissingToolError
from offline.progress import Say, silent
from offline.tool_cache import cache_directory


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def put(place: Path, _report: Say) -> None:
    """A way that works."""
    for name in ("server", "tool"):
        (place / "bin").mkdir(parents=True, exist_ok=True)
        (place / "bin" / name).write_text("")


def refuse(reason: str, _place: Path, _report: Say) -> None:
    """A way that does not."""
    raise MissingToolError(reason)


def project(*ways: Way) -> Project:
    """A project with two programs."""
    return Project("example", ("server", "tool"), ways)


def directories(project: Project) -> list[str]:
    """Where its programs are found."""
    return sorted({path.parent.parent.name for path in find([project], silent).values()})


def test_a_release_goes_before_a_build() -> None:
    built = Way("1.0.0-built-abc", "1.0.0", partial(refuse, "not asked"))
    wanted = project(released("2.0.0", put), built)
    assert directories(wanted) == ["example-2.0.0"]
    assert wanted.version_at_hand() == "2.0.0"


def test_what_can_t_be_downloaded_is_made_in_the_next_way_once_and_tells_its_version() -> None:
    made: list[Path] = []

    def build(place: Path, report: Say) -> None:
        made.append(place)
        put(place, report)

    wanted = project(released("2.0.0", partial(refuse, "no network")), Way("1.0.0-built-abc", "1.0.0", build))
    assert directories(wanted) == directories(wanted) == ["example-1.0.0-built-abc"]
    assert made == [cache_directory() / "example-1.0.0-built-abc"]
    assert (wanted.version, wanted.version_at_hand()) == ("2.0.0", "1.0.0")


def test_a_release_in_the_cache_goes_before_what_was_made_in_another_way() -> None:
    for name in ("example-2.0.0", "example-1.0.0-built-abc"):
        put(cache_directory() / name, silent)
    ways = (released("2.0.0", partial(refuse, "not asked")), Way("1.0.0-built-abc", "1.0.0", partial(refuse, "nor")))
    assert directories(project(*ways)) == ["example-2.0.0"]


def test_what_was_tried_is_told_when_nothing_helps() -> None:
    def half(place: Path, _report: Say) -> None:
        (place / "bin").mkdir(parents=True)
        (place / "bin" / "tool").write_text("")

    ways = (released("2.0.0", partial(refuse, "no network")), Way("half", "1.0.0", half))
    with pytest.raises(MissingToolError) as refused:
        find([project(*ways)], silent)
    assert str(refused.value).splitlines() == [
        "example 2.0.0 is needed and could not be had:",
        "  no network",
        "  example-half lacks some of server, tool",
    ]
