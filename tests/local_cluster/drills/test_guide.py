"""Every command of docs/local-cluster.md does what the page says, in the order in which it stands there."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cluster.stack import local_stack
from offline.progress import silent
from tests.local_cluster.drills.guide import ROOT, commands, run

pytestmark = pytest.mark.cluster


@pytest.fixture
def home() -> Iterator[Path]:
    """Where clusters are kept; a short name, as names of sockets are short."""
    with tempfile.TemporaryDirectory(prefix="moka-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def test_every_command_of_the_guide_works(home: Path) -> None:
    lines = commands(real=False)
    making = [each for each in lines if each.startswith("make ")]
    using = [each for each in lines if not each.startswith("make ")]
    assert len(making) == 4
    assert len(using) == 4
    first, stop, again, delete = making
    done = run([first, stop, again, *using, delete], home)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "prometheus-0-0" in done.stdout
    assert "\nyes\n" in done.stdout
    assert not local_stack(ROOT, home, "dev", silent)[1].is_running
