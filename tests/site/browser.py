"""The Chromium that opens the site: the machine's where it has one, else Debian's, unpacked into the user's cache.

It judges nothing by its version, so any that the machine has will do. Debian's is the shell without a window, with the
libraries that the machine lacks.
"""

import shutil
import tempfile
from pathlib import Path

from offline.debian_package import download_packages, extract
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

_INSTALLED = ("google-chrome", "chromium", "chromium-headless-shell")
_PACKAGE = "chromium-headless-shell"
_PROGRAM = Path("usr/lib/chromium") / _PACKAGE


def chromium(report: Say) -> tuple[Path, dict[str, str]]:
    """The browser, and the variables that it needs.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when there is none, and Debian's can't be had.
    """
    for name in _INSTALLED:
        if found := shutil.which(name):
            return Path(found), {}
    place = cache_directory() / _PACKAGE
    if not place.is_dir():
        with alone(_PACKAGE, report):
            if not place.is_dir():
                _unpack(place, report)
    libraries = sorted({str(each.parent) for each in (place / "usr" / "lib").rglob("*.so*")})
    return place / _PROGRAM, {"LD_LIBRARY_PATH": ":".join(libraries)}


def _unpack(place: Path, report: Say) -> None:
    with tempfile.TemporaryDirectory(dir=cache_directory()) as scratch, step(f"unpacking Debian's {_PACKAGE}", report):
        unpacked = Path(scratch) / "unpacked"
        for archive in download_packages([_PACKAGE], Path(scratch) / "packages"):
            extract(archive, unpacked)
        unpacked.rename(place)
