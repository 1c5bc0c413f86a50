"""A change carried out on a cluster that is made for it: a stack comes up as one revision, and is updated to the next.

Its nodes are simulated ones. Nothing is left of it.
"""

import tempfile
from pathlib import Path

from local_cluster.programs.kubernetes import KUBERNETES_VERSION
from local_cluster.stack import local_stack
from offline.checks.ledger import RefusedError
from offline.diff.api_server import Answer
from offline.diff.state import without_protection
from offline.engine import OfflineEngine
from offline.errors import EngineError
from offline.progress import Say


def carried_out(base: Path | None, head: Path, stack: str, report: Say) -> Answer:
    """What the API server says of a change.

    Args:
        base: directory of the revision that is deployed; none for a stack that is not there yet.
        head: directory of the one that would be.
        stack: name of the stack.
        report: where signs of life go.

    Raises:
        ClusterError: when the cluster does not start.
        MissingToolError: when a program can't be had.
        OfflineError: when the first revision does not come up.
    """
    # Names of sockets are short.
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        home = Path(place)
        before, cluster = local_stack(base or head, home, stack, report, judges=tuple)
        try:
            cluster.start(0)
            if base is not None:
                before.up(stack)
                before.state(stack).replace(without_protection(before.export(stack)))
            return _answer(local_stack(head, home, stack, report, judges=tuple)[0], stack, is_there=base is not None)
        finally:
            cluster.stop()


def _answer(engine: OfflineEngine, stack: str, *, is_there: bool) -> Answer:
    try:
        # Of a stack that is not there the kinds are unknown that it brings itself, and all of it is made.
        changes = engine.preview(stack).changed if is_there else ()
        engine.up(stack)
        unsettled = engine.preview(stack).changed
    except (EngineError, RefusedError) as error:
        return Answer(KUBERNETES_VERSION, refusal=str(error))
    return Answer(KUBERNETES_VERSION, changes=changes, unsettled=unsettled)
