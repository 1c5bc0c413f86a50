"""What a release is published with: its section of the changelog, and notes on how to follow from the one before."""

from pathlib import Path

from releases.changelog import section
from releases.errors import ReleaseError
from releases.upgrade_notes import upgrade_notes
from releases.version import FILE, Version, released_before, version_of

NOTES, UPGRADE_NOTES = "notes.md", "upgrade-notes.md"
# What GitHub takes as a release's text.
_MOST_CHARACTERS = 125_000
_FIRST = "This is the first release: docs/private-api.md and README.md say how an environment begins.\n"
_ELSEWHERE = f"How to follow is in {UPGRADE_NOTES}, which is too long to stand here.\n"


def write_notes(project: Path, tag: str, place: Path) -> None:
    """Write the text of a release, and its upgrade notes as a file of their own.

    Args:
        project: a checkout of the tag.
        tag: of the release.
        place: directory, which is made.

    Raises:
        ReleaseError: when the checkout is another version than its tag, or the changelog says nothing of it.
    """
    version = Version.of(tag.removeprefix("v"))
    if tag != version.tag or version_of(project) != version:
        raise ReleaseError(f"{tag} must be a tag such as v1.2.3 and what {FILE} says, which is {version_of(project)}")
    changed = section(project, version)
    before = released_before(project, version)
    upgrade = upgrade_notes(project, before, version, tag) if before else _FIRST
    place.mkdir(parents=True, exist_ok=True)
    (place / UPGRADE_NOTES).write_text(f"# Upgrade to {version}\n\n{upgrade}", encoding="utf-8")
    whole = f"{changed}\n\n{upgrade}"
    text = whole if len(whole) <= _MOST_CHARACTERS else f"{changed}\n\n{_ELSEWHERE}"
    (place / NOTES).write_text(text, encoding="utf-8")
