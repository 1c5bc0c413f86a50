"""Pulumi's own Kubernetes provider, started for one operation of the engine and attached to it.

One process an operation: its context stays cancelled after the engine ended the first. It runs the commands that a
kubeconfig names, so the cluster's own `aws` stands before any other on its PATH.
"""

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError

_STOP_SECONDS = 10.0


@contextmanager
def serve(program: Path, directory: ClusterDirectory) -> Iterator[int]:
    """Run the provider while the context lasts; yields its port.

    Args:
        program: the executable.
        directory: of the cluster whose objects it makes.

    Raises:
        ClusterError: when it does not start.
    """
    log = directory.log_of("pulumi-resource-kubernetes")
    # Helm's client writes kubeconfigs into the directory for temporary files, and leaves them there.
    with tempfile.TemporaryDirectory(prefix="provider-", dir=directory.root) as scratch, log.open("ab") as errors:
        process = subprocess.Popen(
            [str(program)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(directory, scratch),
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            first = process.stdout.readline().strip()
            if not first.isdigit():
                raise ClusterError(f"Pulumi's Kubernetes provider ({program}) does not start; {log} says why.")
            # What it prints later must not fill the pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield int(first)
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(directory: ClusterDirectory, scratch: str) -> dict[str, str]:
    path = os.pathsep.join([str(directory.programs), os.environ.get("PATH", "")])
    # A person's own cluster must never be meant by what the program's provider does not say.
    inherited = {name: value for name, value in os.environ.items() if name != "KUBECONFIG"}
    return {**inherited, "PATH": path, "TMPDIR": scratch}
