"""Brings images into a node's containerd."""

import subprocess
from collections.abc import Sequence

from local_cluster.images.oci import OciImage, write_archive
from offline.errors import MissingToolError
from offline.progress import Say, step


def present(ctr: Sequence[str]) -> dict[str, str]:
    """Digest of each image that a node has, by its name.

    Args:
        ctr: the command of containerd's client for that node.
    """
    done = subprocess.run([*ctr, "images", "ls"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MissingToolError(f"containerd does not list its images: {done.stderr.strip()}")
    rows = (line.split() for line in done.stdout.splitlines()[1:])
    return {name: digest for name, _, digest, *_ in rows}


def load(ctr: Sequence[str], images: Sequence[OciImage], report: Say) -> None:
    """Import images that a node does not have as they are.

    Args:
        ctr: the command of containerd's client for that node.
        images: what it is to have.
        report: where signs of life go.

    Raises:
        MissingToolError: when containerd refuses them, such as for want of space.
    """
    there = present(ctr)
    missing = [each for each in images if there.get(each.reference) != each.digest]
    if not missing:
        return
    with (
        step(f"importing {len(missing)} of {len(images)} images", report),
        subprocess.Popen(
            [*ctr, "images", "import", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            with process.stdin as stream:
                write_archive(missing, stream)
        except BrokenPipeError:
            # The client says why.
            pass
        errors = process.stderr.read().decode(errors="replace")
    if process.returncode != 0:
        raise MissingToolError(f"containerd refuses images: {errors.strip()}")
