"""Every key has a material of its own, which stays with the directory that it came from."""

import stat
from pathlib import Path

from local_cluster.aws.key_material import KEY_BYTES, key_material


def test_a_key_has_the_same_material_whoever_asks_and_no_other_key_has_it(tmp_path: Path) -> None:
    first, again, other = (key_material(tmp_path / "aws", each) for each in ("one", "one", "two"))
    assert first == again
    assert first != other
    assert len(first) == KEY_BYTES


def test_another_cluster_has_other_keys_and_nobody_else_reads_what_they_come_from(tmp_path: Path) -> None:
    assert key_material(tmp_path / "a", "one") != key_material(tmp_path / "b", "one")
    assert stat.S_IMODE((tmp_path / "a" / "keys.secret").stat().st_mode) == 0o600
