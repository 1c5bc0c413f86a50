"""The pods of an application: its driver and its executors."""

from collections.abc import Callable, Iterable
from typing import Any

from moka_smoke.milestones import HopelessError
from moka_smoke.objects import Objects

_LAST_LINES, _WIDEST = 12, 400

Pod = dict[str, Any]


class ApplicationPods:
    """The application's pods, as they are now.

    Args:
        objects: of the cluster.
        namespace: where they run.
        name: the application's.
        log_lines: the lines that a pod of a name has written.
    """

    def __init__(self, objects: Objects, namespace: str, name: str, log_lines: Callable[[str], Iterable[str]]) -> None:
        self._objects, self._namespace, self._name, self._log_lines = objects, namespace, name, log_lines

    def all(self) -> list[Pod]:
        """Every pod that has the application's name."""
        return self._objects.listed("Pod", namespace=self._namespace, label_selector=f"spark-app-name={self._name}")

    def of(self, role: str) -> list[Pod]:
        """Those of a role, which is driver or executor."""
        return [each for each in self.all() if each["metadata"]["labels"].get("spark-role") == role]

    @property
    def driver(self) -> Pod:
        """The driver; empty before it is made."""
        return next(iter(self.of("driver")), {})

    @property
    def application(self) -> str:
        """The application's id; empty before there is a driver."""
        return self.driver.get("metadata", {}).get("labels", {}).get("spark-app-selector", "")

    @property
    def driver_ended(self) -> dict[str, Any]:
        """How the driver's container ended; empty while it has not."""
        statuses = self.driver.get("status", {}).get("containerStatuses") or []
        return next((ended for each in statuses if (ended := each.get("state", {}).get("terminated"))), {})

    def require_driver(self) -> None:
        """Raise `HopelessError` when the driver failed."""
        driver = self.driver
        if driver.get("status", {}).get("phase") == "Failed":
            raise HopelessError(f"the driver failed:\n{self.last_lines(driver['metadata']['name'])}")

    def last_lines(self, pod: str) -> str:
        """The end of a pod's log."""
        lines = list(self._log_lines(pod))[-_LAST_LINES:]
        return "\n".join(f"    {line[:_WIDEST]}" for line in lines)
