"""Kubernetes objects as they are sent to the API server, one a file; those that Helm makes of a release's chart too."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offline.checks.judge import Opener
from offline.providers.kubernetes.releases import RELEASE
from offline.providers.resource import Resource

_MASK = "[secret]"
_PACKAGE = "kubernetes:"


def kubernetes_objects(resources: Iterable[Mapping[str, Any]], releases: Opener) -> Iterator[tuple[str, Any]]:
    """File name and object for each Kubernetes resource of a deployment.

    Args:
        resources: of the deployment.
        releases: who knows what a release brings.
    """
    for resource in resources:
        if resource["type"] == RELEASE:
            for each in releases.brought_by(Resource(urn=resource["urn"], inputs=resource["inputs"])):
                yield _file(each.inputs)
        elif resource["type"].startswith(_PACKAGE):
            yield _file(resource["inputs"])


def _file(inputs: Mapping[str, Any]) -> tuple[str, Any]:
    content = {key: value for key, value in inputs.items() if not key.startswith("__")}
    if content.get("kind") == "Secret":
        content |= {key: dict.fromkeys(content[key], _MASK) for key in ("data", "stringData") if _has(content, key)}
    metadata = content["metadata"]
    folder = metadata.get("namespace") or "_cluster"
    name = str(metadata["name"]).replace("/", "-")
    return f"kubernetes/{folder}/{str(content['kind']).lower()}-{name}.json", content


def _has(content: Mapping[str, Any], key: str) -> bool:
    return isinstance(content.get(key), dict)
