"""All pods' lines in order of time, while only a block of each pod's open object is in memory.

An object is opened when the lines before it are printed, at the latest when the order reaches the earliest time that
it allows (`time_span.py`): an agent that was down for longer delivers lines under a later key, and they are printed
then, late but in order within their pod.
"""

import heapq
from collections.abc import Iterable, Iterator

from moka_logs.object_keys import Pod
from moka_logs.pod_lines import Line, PodLines
from moka_logs.time_span import earliest


def merged(pods: Iterable[PodLines]) -> Iterator[Line]:
    """Lines of several pods in order of time; pods by name where times are equal."""
    heap: list[tuple[object, Pod, Line | None, PodLines]] = []
    for pod in pods:
        _wait(heap, pod)
    while heap:
        _, _, line, pod = heapq.heappop(heap)
        if line is None:
            pod.open_next()
        else:
            yield line
        following = pod.next_line()
        if following is None:
            _wait(heap, pod)
        else:
            heapq.heappush(heap, (following.time, pod.pod, following, pod))


def _wait(heap: list[tuple[object, Pod, Line | None, PodLines]], pod: PodLines) -> None:
    """Put a pod's next object where its first line may belong."""
    following = pod.next_object()
    if following is not None:
        heapq.heappush(heap, (max(pod.state.time, earliest(following)), pod.pod, None, pod))
