"""Images are pinned: what runs today runs tomorrow.

Source: Kubernetes documentation, "Images": a moving tag makes it hard to know which version runs and to roll it back.
"""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import known_text
from offline.checks.kubernetes.stack import Stack

_MOVING = frozenset({"latest", "stable", "main", "master", "edge", "nightly"})
_SOURCE = 'Kubernetes documentation, "Images"'
_FIX = "Name a version's tag or a digest"


def images_are_pinned(judge: str, stack: Stack) -> Iterable[Finding]:
    """Every container names a digest, or a tag that does not move."""
    for found in stack.objects:
        for path, container in found.pods.containers() if found.pods else ():
            image = known_text(container.get("image"))
            if image and (problem := what_moves(image)):
                yield found.finding(judge, f"{path}.image", problem, _SOURCE, _FIX)


def what_moves(image: str) -> str:
    """Why an image may be another one tomorrow; empty where it may not."""
    if "@sha256:" in image:
        return ""
    # A colon before the last slash is a registry's port.
    _, colon, tag = image.rpartition("/")[2].partition(":")
    if not colon:
        return "has no tag, which means latest"
    return f"has the tag {tag}, which moves" if tag in _MOVING else ""
