"""Writes what MkDocs reads, and runs it: strictly, so that whatever it warns of ends the build."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

from offline.npm_program import npm_packages
from offline.progress import Say
from offline.python_environment import python_environment
from tools.site.components import component_pages
from tools.site.navigation import written_out
from tools.site.pages import SiteError, pages_of

_HERE = Path(__file__).resolve().parent
ROOT = _HERE.parents[1]
NAVIGATION = _HERE / "navigation.yaml"
_MERMAID = Path("node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js")
_MERMAID_SCRIPT = re.compile(r'<script src="[^"]*assets/mermaid\.js"></script>')
_SHOWN_CHARACTERS = 4000


def build(out: Path, report: Say, *, root: Path = ROOT, navigation: Path = NAVIGATION) -> None:
    """Build the site.

    Args:
        out: directory that gets it; what was there is gone.
        report: where signs of life go.
        root: of the repository whose pages they are.
        navigation: its groups of pages.

    Raises:
        SiteError: when a link or an anchor leads nowhere, a page is in no group, or MkDocs warns of anything else.
        MissingToolError: when the programs can't be installed.
    """
    python = python_environment(_HERE / "requirements.txt", "mkdocs", report)
    with tempfile.TemporaryDirectory() as scratch:
        configuration = write_sources(Path(scratch), out.resolve(), report, root=root, navigation=navigation)
        command = [str(python), "-m", "mkdocs", "build", "--strict", "--clean", "--config-file", str(configuration)]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).replace(f"{scratch}/", "")[-_SHOWN_CHARACTERS:].strip()
        raise SiteError(f"The site could not be built:\n{said}")
    for page in out.rglob("*.html"):
        _leave_out_unused_scripts(page)


def write_sources(place: Path, out: Path, report: Say, *, root: Path, navigation: Path) -> Path:
    """Write what MkDocs reads; returns its configuration.

    Args:
        place: directory that gets it.
        out: directory that MkDocs shall write to.
        report: where signs of life go.
        root: of the repository.
        navigation: groups of pages.
    """
    docs = place / "docs"
    pages = {**pages_of(root), **component_pages(root)}
    for page, text in pages.items():
        _write(docs / page, text)
    for path in (root / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            _copy(path, docs / path.relative_to(root / "docs"))
    _copy(npm_packages(_HERE, report) / _MERMAID, docs / "assets" / "mermaid.js")
    _copy(_HERE / "site.css", docs / "assets" / "site.css")
    configuration = place / "mkdocs.yml"
    configuration.write_text(
        yaml.safe_dump(
            {
                "INHERIT": str(_HERE / "mkdocs.yml"),
                "docs_dir": str(docs),
                "site_dir": str(out),
                "nav": written_out(yaml.safe_load(navigation.read_text(encoding="utf-8")), set(pages)),
                "plugins": {
                    "mkdocstrings": {
                        "handlers": {
                            "python": {"paths": [str(root)], "options": {"extensions": [str(_HERE / "outputs.py")]}}
                        }
                    }
                },
            }
        ),
        encoding="utf-8",
    )
    return configuration


def _leave_out_unused_scripts(page: Path) -> None:
    """Diagrams need a script of 3 MB, and few pages have one."""
    text = page.read_text(encoding="utf-8")
    if 'class="mermaid"' not in text:
        page.write_text(_MERMAID_SCRIPT.sub("", text), encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
