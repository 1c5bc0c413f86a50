"""Lists what is in an image while BuildKit builds it, where Docker's own program for that can't be pulled.

Both are syft. Source: BuildKit documentation, "SBOM scanner protocol".
"""

import io
import subprocess
import tarfile
from pathlib import Path

from local_cluster.programs.project import Programs
from tests.images.emulation import NATIVE

# One statement each for the image and for whatever else BuildKit gives, beside its files.
_SCRIPT = """\
#!/bin/sh
set -o errexit -o nounset
export HOME=/tmp SYFT_CHECK_FOR_APP_UPDATE=false
for source in "$BUILDKIT_SCAN_SOURCE" "${BUILDKIT_SCAN_SOURCE_EXTRAS:-/none}"/*; do
  test -d "$source" || continue
  {
    printf '{"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://spdx.dev/Document", "predicate": '
    /usr/bin/syft scan --quiet --output spdx-json "dir:$source"
    printf '}'
  } > "$BUILDKIT_SCAN_DESTINATION/$(basename "$source").spdx.json"
done
"""


def push_contents_lister(programs: Programs, registry: str, base: str, place: Path) -> str:
    """Push it to a registry; returns its reference.

    Args:
        programs: crane and syft.
        registry: host and port.
        base: reference of an image with a shell.
        place: directory of its own.
    """
    tag, layer = f"{registry}/contents-lister:1", place / "contents-lister.tar"
    with tarfile.open(layer, "w") as archive:
        archive.add(programs["syft"], "usr/bin/syft")
        script = tarfile.TarInfo("usr/bin/list-contents")
        script.size, script.mode = len(_SCRIPT.encode()), 0o755
        archive.addfile(script, io.BytesIO(_SCRIPT.encode()))
    for words in (
        ["append", "--platform", f"linux/{NATIVE}", "--base", base, "--new_layer", str(layer), "--new_tag", tag],
        ["mutate", "--entrypoint", "/usr/bin/list-contents", "--tag", tag, tag],
    ):
        subprocess.run([str(programs["crane"]), *words], check=True, capture_output=True)
    return tag
