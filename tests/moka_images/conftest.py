"""One registry for all tests; each uses names of its own."""

from collections.abc import Iterator

import pytest

from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import find
from offline.progress import say
from tests.moka_images.registry import Registry, serving


@pytest.fixture(scope="package")
def registry() -> Iterator[Registry]:
    """The registry."""
    with serving(find([CRANE], say)["crane"]) as served:
        yield served
