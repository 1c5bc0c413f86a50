"""Downloads a list of jars while an image is built, each by its checksum: jars.py <list> <repository> <directory>."""

import hashlib
import sys
import urllib.request
from pathlib import Path


def main(listed: Path, repository: str, directory: Path) -> None:
    """Download them.

    Raises:
        SystemExit: when a line is not understood, or a jar is not the one that is meant.
    """
    directory.mkdir(parents=True)
    for number, line in enumerate(listed.read_text().splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            sys.exit(f"{listed.name}, line {number}: {line!r} is not a SHA-256 and a path below {repository}")
        checksum, path = words
        with urllib.request.urlopen(f"{repository}/{path}", timeout=60) as answer:
            content = answer.read()
        found = hashlib.sha256(content).hexdigest()
        if found != checksum:
            sys.exit(f"{listed.name}, line {number}: {path} has SHA-256 {found}, not {checksum}")
        file = directory / path.rpartition("/")[2]
        file.write_bytes(content)
        file.chmod(0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
