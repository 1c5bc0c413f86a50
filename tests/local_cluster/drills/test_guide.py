"""Every command of docs/local-cluster.md does what the page says, in the order in which it stands there.

The one that deletes is in `test_destroy.py`: all drills of dev work on what the others made.
"""

import pytest

from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.guide import commands, run

pytestmark = [pytest.mark.cluster, on("dev")]


def test_every_command_of_the_guide_works(running: RunningStacks) -> None:
    lines = commands(real=False)
    making = [each for each in lines if each.startswith("make ")]
    using = [each for each in lines if not each.startswith("make ")]
    assert len(making) == 4
    assert len(using) == 4
    first, stop, again, _ = making
    done = run([first, stop, again, *using], running.add("dev").home)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "prometheus-0-0" in done.stdout
    assert "\nyes\n" in done.stdout
