"""Every request that was judged, one JSON object a line: who asked what, what was decided, and by which policy."""

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from local_cluster.aws.access import Access
from local_cluster.aws.credentials import Principal

NAME = "aws-requests.jsonl"


class RequestLog:
    """The log.

    Args:
        path: its file, to which it adds.
    """

    def __init__(self, path: Path) -> None:
        path.touch(0o600)
        self._file = path.open("a", buffering=1)
        self._lock = threading.Lock()

    def add(
        self,
        *,
        operation: str,
        accesses: Sequence[Access],
        principal: Principal | None,
        decision: str,
        status: int,
        layer: str = "",
        message: str = "",
    ) -> None:
        """Add one request.

        Args:
            operation: such as PutObject, or what was asked where that is not known.
            accesses: what it asks.
            principal: who; None where nobody signed who is known.
            decision: allowed, denied (by a statement), not allowed (by none), or refused (not signed, not known).
            status: of the answer.
            layer: the policy that refused; empty where none did.
            message: what the client was told.
        """
        pod = principal is not None and principal.service_account
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "principal": principal.arn if principal else "",
            "role": principal.role_arn if principal else "",
            "serviceAccount": f"{principal.namespace}/{principal.service_account}" if principal and pod else "",
            "pod": principal.tags.get("kubernetes-pod-name", "") if principal else "",
            "operation": operation,
            "actions": [each.action for each in accesses],
            "resources": [each.resource for each in accesses],
            "decision": decision,
            "layer": layer,
            "status": status,
            "message": message,
        }
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")

    def close(self) -> None:
        """End."""
        self._file.close()
