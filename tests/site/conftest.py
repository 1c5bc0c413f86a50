"""The site, built once for every test that looks at it."""

from pathlib import Path

import pytest

from offline.progress import say
from tools.site.build import build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directory of the built site."""
    out = tmp_path_factory.mktemp("site") / "built"
    build(out, say)
    return out
