"""The harness's own counter: it must notice what it is there to notice."""

import gzip

import pytest

from moka_logs import pod_lines
from tests.logging.ledger import GOES_ON, Ledger
from tests.logging.lines import ODD
from tests.logging.node import PIECE_BYTES
from tests.moka_logs import pipeline

KEY = "sparks/spark/spark-ads/spark-1/driver/job-driver/20261123T130000-a.log.gz"
LATER = "sparks/spark/spark-ads/spark-1/driver/job-driver/20261123T120000-b.log.gz"
SYSTEM_KEY = "systems/system/moka-dev/2026/11/23/coredns/kube-system-main-130000-a.log.gz"


def ledger() -> Ledger:
    entered = Ledger()
    entered.source("s1", f"^sparks/spark/spark-ads/spark-1/driver/|^{SYSTEM_KEY}$")
    entered.source("s2", "^sparks/spark/spark-ads/spark-2/driver/")
    return entered


def stored(*lines: bytes) -> bytes:
    return gzip.compress(b"".join(line + b"\n" for line in lines))


def test_lines_that_all_arrive_once_make_a_clean_outcome() -> None:
    entered = ledger()
    lines = [entered.line("s1", b"a"), entered.line("s1", b"b")]
    outcome = entered.count({KEY: stored(*lines)})
    assert outcome.clean
    assert (outcome.lines_in, outcome.lines_out, outcome.objects) == (2, 2, 1)


def test_a_planted_loss_is_counted_and_named() -> None:
    entered = ledger()
    kept, lost = entered.line("s1", b"kept"), entered.line("s1", b"lost")
    outcome = entered.count({KEY: stored(kept)})
    assert outcome.lost == 1
    assert not outcome.clean
    assert entered.missing({KEY: stored(kept)}) == [lost]


def test_a_line_that_lost_its_end_counts_as_lost() -> None:
    entered = ledger()
    line = entered.line("s1", b"a long text")
    assert entered.count({KEY: stored(line[:-1])}).lost == 1


def test_a_line_that_arrives_twice_is_a_duplicate_and_no_loss() -> None:
    entered = ledger()
    line = entered.line("s1", b"again")
    outcome = entered.count({KEY: stored(line, line)})
    assert (outcome.duplicated, outcome.lost) == (1, 0)
    assert outcome.clean


def test_an_object_that_mixes_sources_is_found() -> None:
    entered = ledger()
    objects = {KEY: stored(entered.line("s1", b"a"), entered.line("s2", b"b"))}
    assert entered.misplaced(objects) == {KEY: {"s1", "s2"}}
    assert not entered.count(objects).clean


def test_a_line_under_another_sources_key_is_found() -> None:
    entered = ledger()
    assert entered.count({KEY: stored(entered.line("s2", b"b"))}).mixed == 1


def test_pieces_are_put_together_in_one_object_and_over_several_in_the_order_of_arrival() -> None:
    entered = ledger()
    first, second = entered.line("s1", b"x" * 30), entered.line("s1", b"y" * 30)
    goes_on = GOES_ON.rstrip(b"\n")
    one = stored(first[:10] + goes_on, first[10:20] + goes_on, first[20:], second[:10] + goes_on)
    assert entered.count({KEY: one, LATER: stored(second[10:])}).lost == 0
    assert entered.count({KEY: one, LATER: stored(second[10:])}).clean
    only_pieces = stored(first[:10] + goes_on, first[10:20] + goes_on)
    assert entered.count({KEY: only_pieces, LATER: stored(first[20:], second)}).lost == 0
    assert entered.count({KEY: stored(first[20:], second), LATER: only_pieces}).lost == 1


def test_pieces_of_one_container_go_on_in_its_own_next_object_and_not_in_a_sidecars() -> None:
    entered = ledger()
    long, short = entered.line("s1", b"x" * 30), entered.line("s1", b"short")
    directory = KEY.rpartition("/")[0]
    main, sidecar = (f"{directory}/20261123T1000{{}}-{name}-1a2b3c4d.log.gz" for name in ("main-app", "vault-agent"))
    begun = stored(long[:10] + GOES_ON.rstrip(b"\n"))
    objects = {main.format("00"): begun, sidecar.format("01"): stored(short), main.format("02"): stored(long[10:])}
    assert entered.count(objects).lost == entered.count(objects).apart == 0
    assert entered.count({main.format("00"): begun, sidecar.format("01"): stored(long[10:], short)}).lost == 1


def test_pieces_that_are_all_there_and_not_in_a_row_are_apart_and_not_lost() -> None:
    entered = ledger()
    line, other = entered.line("s1", b"x" * (PIECE_BYTES + 5)), entered.line("s1", b"other")
    goes_on = GOES_ON.rstrip(b"\n")
    outcome = entered.count({KEY: stored(line[PIECE_BYTES:], line[:PIECE_BYTES] + goes_on), LATER: stored(other)})
    assert (outcome.lost, outcome.apart, outcome.damaged) == (0, 2, 1), "the piece is glued to the line that follows it"
    outcome = entered.count({KEY: stored(line[PIECE_BYTES:], other), LATER: stored(line[:PIECE_BYTES] + goes_on)})
    assert (outcome.lost, outcome.apart) == (0, 1)
    assert not outcome.clean
    assert entered.count({KEY: stored(other, line[:PIECE_BYTES] + goes_on)}).lost == 1


def test_pieces_without_their_end_count_as_lost() -> None:
    entered = ledger()
    line = entered.line("s1", b"x" * 30)
    assert entered.count({KEY: stored(line[:10] + GOES_ON.rstrip(b"\n"))}).lost == 1


def test_a_line_that_came_out_behind_a_piece_of_another_is_damaged_even_if_it_comes_whole_later() -> None:
    entered = ledger()
    line, other = entered.line("s1", b"x" * 30), entered.line("s1", b"other")
    piece = line[:10] + GOES_ON.rstrip(b"\n")
    outcome = entered.count({KEY: stored(piece, other, piece, line[10:], other)})
    assert (outcome.lost, outcome.apart, outcome.damaged) == (0, 0, 1)
    assert not outcome.clean


@pytest.mark.parametrize("key", [KEY, SYSTEM_KEY], ids=["Spark", "system"])
@pytest.mark.parametrize("before", [b"2026-11-23T13:00:00.000000000Z stdout F ", b'{"log":"', b" "])
def test_a_line_that_is_stored_with_more_than_was_written_is_damaged(key: str, before: bytes) -> None:
    entered = ledger()
    line = entered.line("s1", b"text")
    outcome = entered.count({key: stored(before + line)})
    assert (outcome.lines_out, outcome.lost, outcome.damaged) == (0, 1, 1)
    assert not outcome.clean
    assert entered.missing({key: stored(before + line)}) == [line]
    again = entered.count({key: stored(line, before + line)})
    assert (again.lines_out, again.lost, again.damaged) == (1, 0, 1)
    assert not again.clean, "a line that is whole too does not make up for it"


@pytest.mark.parametrize("key", [KEY, SYSTEM_KEY], ids=["Spark", "system"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_line_that_is_cut_inside_a_character_is_whole_to_a_reader(key: str, at: int) -> None:
    entered = ledger()
    line = entered.line("s1", "\u2713\u2713".encode())
    cut = len(line) - 6 + at
    pieces = stored(line[:cut] + GOES_ON.rstrip(b"\n"), line[cut:])
    assert entered.count({key: pieces}).clean


@pytest.mark.parametrize("text", ODD)
def test_a_line_that_looks_like_something_else_is_whole_to_a_reader(text: bytes) -> None:
    entered = ledger()
    line = entered.line("s1", text)
    body = gzip.compress(pipeline.stored(b"P", line[:9]) + pipeline.stored(b"F", line[9:]))
    assert entered.count({KEY: body}).clean


def test_what_a_reader_gets_wrong_is_damaged_though_every_byte_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pod_lines, "decoded", lambda line: line.decode("utf-8", "replace"))
    entered = ledger()
    line = entered.line("s1", b"\xff")
    outcome = entered.count({KEY: stored(line)})
    assert (outcome.lost, outcome.apart, outcome.damaged) == (0, 1, 1)


def test_a_trace_whose_lines_are_apart_is_found() -> None:
    entered = ledger()
    trace = entered.group("s1", [b"exception", b"at one", b"at two"])
    other = entered.line("s1", b"other")
    assert entered.count({KEY: stored(*trace, other)}).split == 0
    assert entered.count({KEY: stored(trace[0], other, *trace[1:])}).split == 1
    assert entered.count({KEY: stored(*trace[:2]), LATER: stored(trace[2], other)}).split == 1


def test_a_line_that_is_stored_changed_is_looked_for_as_it_is_stored() -> None:
    entered = ledger()
    assert entered.line("s1", b"a\0b", stored=b"a?b") == b"<s1:0>a\0b"
    assert entered.count({KEY: stored(b"<s1:0>a?b")}).lost == 0
    assert entered.count({KEY: stored(b"<s1:0>a")}).lost == 1
