"""New objects of an application as they come."""

from collections.abc import Callable, Iterable, Iterator

from moka_logs.object_keys import LogObject

POLL_SECONDS = 10


def batches(
    look: Callable[[], Iterable[LogObject]], wait: Callable[[float], object], *, follow: bool
) -> Iterator[list[LogObject]]:
    """The objects that there are, then, when following, those that were added, again and again.

    Every look lists all keys of the application and remembers them, instead of asking for keys after the last one: an
    object may come late, with a time before that of objects which are there already.

    Args:
        look: lists the objects that there are.
        wait: waits for so many seconds.
        follow: go on for ever.
    """
    seen: set[str] = set()
    while True:
        added = [found for found in look() if found.key not in seen]
        seen.update(found.key for found in added)
        yield added
        if not follow:
            return
        wait(POLL_SECONDS)
