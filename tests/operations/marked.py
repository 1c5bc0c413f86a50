"""Blocks of shell in the documentation that a test carries out as they stand.

`<!-- run: NAME -->` stands before such a block, and in `RUN` which test file runs it. A comment `# prints: TEXT` in it
says what the statement before prints.
"""

import re
import shlex
from collections.abc import Callable, Mapping

from tests.operations.pages import ROOT, pages

DISASTERS, BACKEND = "tests/stacks/test_disaster.py", "tests/stacks/bootstrap/test_backend.py"
# Name of a block -> the test file that runs it.
RUN: Mapping[str, str] = {
    "cluster": DISASTERS,
    "copy of a state": DISASTERS,
    "lock": BACKEND,
    "pending operations": BACKEND,
    "state of a stack": BACKEND,
}
_MARKED = re.compile(r"^<!-- run: (.*?) -->\n```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PRINTS = "# prints: "


def marked_blocks() -> dict[str, str]:
    """Name to text of each block that says it is run."""
    return {name: text for page in pages() for name, text in _MARKED.findall((ROOT / page).read_text())}


def carry_out(name: str, run: Callable[[list[str]], str], replaced: Mapping[str, str] | None = None) -> None:
    """Carry out a block, one line after the other; what a line prints must be what the page says.

    Args:
        name: of the block.
        run: carries out the words of a line, and returns what it prints; fails where the line fails.
        replaced: text of the page to what stands for it here.
    """
    said, block = "", marked_blocks()[name]
    for text, other in (replaced or {}).items():
        block = block.replace(text, other)
    for line in block.splitlines():
        if line.startswith(_PRINTS):
            assert line.removeprefix(_PRINTS) in said, f"{name}: the page says {line!r}, but this was printed: {said}"
        else:
            said = run(shlex.split(line))
