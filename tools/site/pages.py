"""The pages of the site: those of docs/, and the files of the repository that they link to.

A file outside docs/ gets a page of its own, so that a reader whose network ends at the site misses none. Leaves out
whether a link to another page, or to a part of it, leads anywhere: MkDocs knows, and `make site` ends at one that
does not.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tools.site.fences import prose
from tools.site.lists import NarrowError, widened

# Where files of the repository stand in the site.
SOURCES = PurePosixPath("source")
# Read by people who come to the repository first, and so in the site whoever links to them.
_FIRST_READ = ("README.md", "SECURITY.md")
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?![a-z]+:|#|/)(?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".sh": "bash", ".sql": "sql"}


class SiteError(Exception):
    """The site can't be built; the message says which file and how to mend it."""


def pages_of(root: Path) -> dict[PurePosixPath, str]:
    """The Markdown of every page, by its place in the site.

    Args:
        root: of the repository.

    Raises:
        SiteError: when a page links to a file that the repository does not have, or has a list that would end early.
    """
    pages: dict[PurePosixPath, str] = {}
    waiting = [
        *(each.relative_to(root).as_posix() for each in sorted((root / "docs").rglob("*.md"))),
        *(name for name in _FIRST_READ if (root / name).is_file()),
    ]
    while waiting:
        file = PurePosixPath(waiting.pop())
        if place_of(file) not in pages:
            text, linked = _page(root, file)
            pages[place_of(file)] = text
            waiting += linked
    return pages


def place_of(file: PurePosixPath) -> PurePosixPath:
    """Where a file of the repository stands in the site."""
    if file.is_relative_to("docs"):
        return file.relative_to("docs")
    if file.suffix == ".md":
        # MkDocs would take README.md for the index of its directory, which a listing may be.
        return SOURCES / file.with_name(f"{file.stem}-page.md")
    return SOURCES / f"{file}.md"


def _page(root: Path, file: PurePosixPath) -> tuple[str, list[str]]:
    path = root / file
    if path.is_dir():
        names = sorted(each.name for each in path.iterdir() if each.is_file())
        return _hidden(f"# {file}\n\n" + "\n".join(f"- `{name}`" for name in names) + "\n"), []
    text = path.read_text(encoding="utf-8")
    if file.suffix == ".md":
        text, linked = _with_links(root, file, text)
        return (text if file.is_relative_to("docs") else _hidden(text)), linked
    fence = "`" * (max((len(each) for each in re.findall("`{3,}", text)), default=2) + 1)
    return _hidden(f"# {file}\n\n{fence}{_LANGUAGES.get(file.suffix, 'text')}\n{text}\n{fence}\n"), []


def _hidden(text: str) -> str:
    """A page that is read from a link, and would bury the others among the results of a search."""
    return f"---\nsearch: {{exclude: true}}\n---\n\n{text}"


def _with_links(root: Path, file: PurePosixPath, text: str) -> tuple[str, list[str]]:
    """A page whose links are those of the site, and the files that they name."""
    linked: list[str] = []

    def moved(found: re.Match[str]) -> str:
        target = PurePosixPath(os.path.normpath(file.parent / found["target"]))
        if not (root / target).exists():
            raise SiteError(f"{file}: links to {found['target']}, and the repository has no {target}: mend the link")
        place = place_of(target)
        if target.is_relative_to("docs") and target.suffix != ".md":
            place = target.relative_to("docs")
        else:
            linked.append(str(target))
        address = os.path.relpath(place, place_of(file).parent) + (found["anchor"] or "")
        return f"[{_text(root, target, found['text'])}]({address})"

    try:
        text = widened(text)
    except NarrowError as error:
        raise SiteError(f"{file}: {error}") from error
    lines = text.split("\n")
    for number in prose(text):
        lines[number] = _outside_code(lines[number], moved)
    return "\n".join(lines), linked


def _text(root: Path, target: PurePosixPath, text: str) -> str:
    """What a link says: the title of a page, where it says the name of its file."""
    is_name = text in (target.name, str(target)) and target.is_relative_to("docs") and target.suffix == ".md"
    title = _TITLE.search((root / target).read_text(encoding="utf-8")) if is_name else None
    return title[1] if title else text


def _outside_code(line: str, moved: Callable[[re.Match[str]], str]) -> str:
    """A line whose links are moved, but for what only looks like one in a span of code."""
    spans = [found.span() for found in _CODE_SPAN.finditer(line)]
    return _LINK.sub(
        lambda found: found[0] if any(start < found.start() < end for start, end in spans) else moved(found), line
    )
