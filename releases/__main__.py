"""`python -m releases VERB`: releases of the project, from fragments to notes (docs/releases.md)."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from offline.errors import OfflineError
from releases.changelog import draft, release
from releases.errors import ReleaseError
from releases.fragments import check
from releases.notes import write_notes
from releases.upgrade_notes import upgrade_notes
from releases.version import Version

PROJECT = Path(__file__).resolve().parent.parent


def main(words: Sequence[str], project: Path = PROJECT) -> int:
    """Carry a verb out.

    Args:
        words: of the command line.
        project: the checkout.

    Returns:
        0, or 1 with the reason on standard error.
    """
    options = _parser().parse_args(words)
    try:
        match options.verb:
            case "changelog":
                print(draft(project))
            case "release":
                release(project, Version.of(options.version), datetime.now(UTC).date())
            case "check":
                check(project, options.base)
            case "upgrade-notes":
                old, new = (Version.of(each.removeprefix("v")) for each in (options.old, options.new))
                print(upgrade_notes(project, old, new, options.head or new.tag), end="")
            case "notes":
                write_notes(project, options.tag, options.out)
    except (ReleaseError, OfflineError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m releases", description="Releases of the project.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("changelog", help="print what the next release would add to CHANGELOG.md")
    releasing = verbs.add_parser("release", help="write CHANGELOG.md and the version, and take the fragments away")
    releasing.add_argument("version", help="three numbers, such as 1.2.3")
    checking = verbs.add_parser("check", help="refuse a branch that changes environments without a fragment")
    checking.add_argument("base", help="revision that it branched off, such as origin/main")
    noting = verbs.add_parser("upgrade-notes", help="print how to follow from one release to another")
    noting.add_argument("old", help="tag of the release that environments run")
    noting.add_argument("new", help="tag of the one that they follow to")
    noting.add_argument("--head", help="revision that is the new one, before there is its tag")
    writing = verbs.add_parser("notes", help="write what a release is published with")
    writing.add_argument("tag", help="of the release, checked out")
    writing.add_argument("--out", type=Path, default=Path("build") / "notes", help="directory for notes.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
