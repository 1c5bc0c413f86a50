"""Every command of docs/local-cluster.md does what the page says, in the order in which it stands there."""

import pytest

from local_cluster.stack import local_stack
from offline.progress import silent
from tests.local_cluster.conftest import RunningStacks
from tests.local_cluster.drills.guide import ROOT, commands, run

pytestmark = pytest.mark.cluster


def test_every_command_of_the_guide_works(running: RunningStacks) -> None:
    lines = commands(real=False)
    making = [each for each in lines if each.startswith("make ")]
    using = [each for each in lines if not each.startswith("make ")]
    assert len(making) == 4
    assert len(using) == 4
    first, stop, again, delete = making
    done = run([first, stop, again, *using, delete], running.directory)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "prometheus-0-0" in done.stdout
    assert "\nyes\n" in done.stdout
    assert not local_stack(ROOT, running.directory, "dev", silent)[1].is_running
