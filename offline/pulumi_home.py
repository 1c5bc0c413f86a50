"""The CLI's directory for what is its own, `PULUMI_HOME`: one for each place in which offline state is kept.

The CLI writes all that it does into a log there, compressed and encrypted, without being asked. That takes a third of
its time, nobody reads it, and no option or variable turns it off. It goes on without one where it can't make the
directory of its logs, so a file stands in that place.

Source: pulumi/pulumi, pkg/logging/encrypted.go, StartLogging, and pkg/cmd/pulumi/pulumi.go.
"""

import shutil
from pathlib import Path

_WHY = "The pulumi CLI keeps no logs of offline runs: see offline/pulumi_home.py.\n"


def pulumi_home(home: Path) -> Path:
    """The directory, which is there afterwards.

    Args:
        home: where offline state is kept.
    """
    place = home / ".home"
    logs = place / "logs"
    if not logs.is_file():
        place.mkdir(parents=True, exist_ok=True)
        # Those of a version of this project that did not know.
        shutil.rmtree(logs, ignore_errors=True)
        logs.write_text(_WHY, encoding="utf-8")
    return place
