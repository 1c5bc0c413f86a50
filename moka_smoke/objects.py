"""What a run asks of Kubernetes, whoever answers."""

from typing import Any, Protocol


class Objects(Protocol):
    """The objects of a cluster."""

    def create(self, each: dict[str, Any]) -> None:
        """Make an object that is not there."""
        ...

    def apply(self, *objects: dict[str, Any]) -> None:
        """Make objects, or bring them up to date."""
        ...

    def remove(self, *objects: dict[str, Any]) -> None:
        """Delete objects, where they are there."""
        ...

    def named(self, kind: str, name: str, namespace: str | None = None, api_version: str = "v1") -> dict[str, Any]:
        """One object; empty where there is none."""
        ...

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[dict[str, Any]]:
        """Every object of a kind, with `label_selector`, `field_selector` or `namespace`."""
        ...
