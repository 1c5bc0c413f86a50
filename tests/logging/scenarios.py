"""What happens to a node while the agent runs, by the name that the table shows."""

from collections.abc import Callable

from tests.logging import faults, lines, streams
from tests.logging.ledger import Outcome
from tests.logging.world import World

MAY_LEAVE_PIECES_APART = (faults.killed, faults.killed_in_a_backlog, faults.killed_in_an_outage)

SCENARIOS: dict[str, Callable[[World], Outcome]] = {
    "steady load": lines.steady,
    "rotation every second": lines.rotation,
    "rotation while down": faults.rotated_while_down,
    "stack traces": lines.traces,
    "lines over 16 KiB": lines.long_lines,
    "kill -9 three times": faults.killed,
    "kill -9 between pieces": faults.killed_between_pieces,
    "kill -9 in a backlog": faults.killed_in_a_backlog,
    "S3 refuses": faults.refused,
    "S3 answers 503": faults.slow_down,
    "kill -9 while S3 refuses": faults.killed_in_an_outage,
    "no metadata": faults.without_metadata,
    "pod deleted": lines.deleted,
    "SIGTERM": faults.terminated,
    "containers' own names": lines.own_names,
    "odd names, retries": lines.odd_names,
    "event-log fragments": streams.event_logs,
    "node services": streams.journal,
    "node without a journal": streams.without_journal,
    "YuniKorn usage": streams.usage,
    "Kubernetes events": streams.cluster_events,
}
