"""Compare anew, and write the record: `python -m tests.local_cluster.comparison`."""

import tempfile
from pathlib import Path

from components.settings import STACKS
from offline.engine import OfflineEngine
from offline.progress import say
from tests.checks.listener import Listener
from tests.local_cluster.comparison.compare import compared
from tests.local_cluster.comparison.control_plane import real_kubernetes
from tests.local_cluster.comparison.record import write

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="moka-") as directory:
        listener = Listener()
        OfflineEngine(STACKS.parent, Path(directory) / "offline", judges=lambda: (listener,)).preview("production")
        rows = []
        with real_kubernetes(listener.resources, Path(directory) / "cluster") as kubernetes:
            for row in compared(listener.resources, kubernetes):
                say(f"{row.rule}: {row.mistake}: {row.real}")
                rows.append(row)
        write(rows)
