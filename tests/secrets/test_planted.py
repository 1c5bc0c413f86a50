import base64
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.secrets.planted import MARK, planted, traces, traces_in_files

VALUE = planted("here")
PLACE = VALUE.removeprefix(MARK)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_planted_value_is_found_between_any_bytes_in_every_form(before: bytes, after: bytes) -> None:
    whole = before + VALUE.encode() + b"." + after
    for form, content in {
        "as it is": whole,
        "base64": base64.b64encode(whole),
        "hexadecimal": before + VALUE.encode().hex().encode() + b"." + after,
    }.items():
        assert (form, PLACE) in {(each.form, each.place) for each in traces("it", content)}, form


def test_base64_of_addresses_is_found_as_well() -> None:
    assert traces("it", base64.urlsafe_b64encode(b"\xff\xfe" + VALUE.encode() + b"\xff\xff"))[0].place.startswith(
        "here"
    )


def test_a_compressed_file_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log.gz").write_bytes(gzip.compress(b"token=" + VALUE.encode()))
    (tmp_path / "broken.gz").write_bytes(gzip.compress(b"nothing")[:-4])
    (found,) = traces_in_files([tmp_path])
    assert found.where.endswith("log.gz (unpacked)")
    assert found.place == PLACE


def test_other_text_is_no_trace() -> None:
    assert traces("it", b"plantedcanary " + base64.b64encode(b"Planted7Can") + b"Planted7canary") == []


def test_a_place_that_could_not_be_read_back_is_refused() -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        planted("a place")
