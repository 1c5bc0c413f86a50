"""What comparisons keep."""

import os
from pathlib import Path

from offline.diff.kept import MOST, prune, used


def test_entries_that_were_used_last_stay(tmp_path: Path) -> None:
    for number in range(MOST + 2):
        entry = tmp_path / str(number)
        entry.mkdir()
        (entry / "content").write_text("kept")
        os.utime(entry, (number, number))
    used(tmp_path / "0")
    prune(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"0", *(str(number) for number in range(3, MOST + 2))}
    prune(tmp_path)
    assert len(list(tmp_path.iterdir())) == MOST
