"""The provider that one operation of the engine is attached to: where it works, and what is left of it."""

from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.provider import serve

KEEPS_A_FILE = """\
#!/bin/sh
echo "$KUBECONFIG" > "$TMPDIR/kubeconfig123"
echo "$PATH" > "$TMPDIR/path"
echo 12345
exec sleep 60
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Says a port, and leaves files where files go that do not last."""
    made = tmp_path / "provider"
    made.write_text(KEEPS_A_FILE)
    made.chmod(0o700)
    return made


def test_what_it_writes_for_the_moment_lies_in_the_clusters_directory_and_goes_with_it(
    directory: ClusterDirectory, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/config")
    before = set(directory.root.iterdir())
    with serve(program, directory) as port:
        assert port == 12345
        (scratch,) = directory.root.glob("provider-*")
        assert scratch.stat().st_mode & 0o077 == 0
        assert (scratch / "kubeconfig123").read_text() == "\n"
        assert (scratch / "path").read_text().startswith(f"{directory.programs}:")
    assert set(directory.root.iterdir()) - before <= {directory.logs}


def test_one_that_does_not_say_a_port_is_named_with_its_log(directory: ClusterDirectory, program: Path) -> None:
    program.write_text("#!/bin/sh\necho no port here\n")
    with (
        pytest.raises(ClusterError, match=r"does not start; .*pulumi-resource-kubernetes.* says why"),
        serve(program, directory),
    ):
        pass
    assert list(directory.root.glob("provider-*")) == []
