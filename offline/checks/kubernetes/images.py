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
            if not image or "@sha256:" in image:
                continue
            # A colon before the last slash is a registry's port.
            _, colon, tag = image.rpartition("/")[2].partition(":")
            if not colon:
                yield found.finding(judge, f"{path}.image", "has no tag, which means latest", _SOURCE, _FIX)
            elif tag in _MOVING:
                yield found.finding(judge, f"{path}.image", f"has the tag {tag}, which moves", _SOURCE, _FIX)
