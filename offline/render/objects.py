"""Kubernetes objects as they are sent to the API server, one a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_MASK = "[secret]"
_PACKAGE = "kubernetes:"


def kubernetes_objects(resources: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """File name and object for each Kubernetes resource of a deployment."""
    for resource in resources:
        if not resource["type"].startswith(_PACKAGE):
            continue
        content = {key: value for key, value in resource["inputs"].items() if not key.startswith("__")}
        if content.get("kind") == "Secret":
            content |= {key: dict.fromkeys(content[key], _MASK) for key in ("data", "stringData") if _has(content, key)}
        metadata = content["metadata"]
        folder = metadata.get("namespace") or "_cluster"
        name = str(metadata["name"]).replace("/", "-")
        yield f"kubernetes/{folder}/{str(content['kind']).lower()}-{name}.json", content


def _has(content: Mapping[str, Any], key: str) -> bool:
    return isinstance(content.get(key), dict)
