"""What has to happen is waited for in turn, as long as each may take, and told either way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError
from kubernetes.client.exceptions import ApiException

from moka_smoke import milestones
from moka_smoke.milestones import HopelessError, Milestone, Outcome, WrongError, follow, summary


@dataclass
class Clock:
    """Time that passes while somebody sleeps."""

    now: float = 1000.0
    looks: list[str] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that milestones look at."""
    made = Clock()
    monkeypatch.setattr(milestones, "time", made)
    return made


def milestone(clock: Clock, name: str, *answers: str | Exception, seconds: float = 60) -> Milestone:
    """Something that is looked for again and again; its last answer stays."""
    said = _forever(answers)

    def look() -> str:
        clock.looks.append(name)
        answer = next(said)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Milestone(name, look, seconds, f"look at {name}")


def _forever(answers: tuple[str | Exception, ...]) -> Iterator[str | Exception]:
    yield from answers
    while True:
        yield answers[-1]


def followed(*wanted: Milestone) -> tuple[list[Outcome], list[str]]:
    """How they went, and what was said."""
    said: list[str] = []
    say: Callable[[str], None] = said.append
    return follow(wanted, say), said


def test_each_is_waited_for_before_the_next_is_looked_for(clock: Clock) -> None:
    outcomes, said = followed(milestone(clock, "first", "", "", "a pod"), milestone(clock, "second", "a file"))
    assert clock.looks == ["first", "first", "first", "second"]
    assert [(each.name, each.happened, each.seconds, each.detail) for each in outcomes] == [
        ("first", True, 2.0, "a pod"),
        ("second", True, 0.0, "a file"),
    ]
    assert said == ["[1/2] ok: first: a pod", "[2/2] ok: second: a file"]


def test_what_does_not_happen_in_time_is_missing_and_the_next_has_its_whole_time(clock: Clock) -> None:
    late = milestone(clock, "late", *[""] * 5, "found", seconds=10)
    (never, then), said = followed(milestone(clock, "never", "", seconds=3), late)
    assert (never.happened, never.seconds) == (False, 3.0)
    assert said[0] == "[1/2] MISSING: never: not after 3 s. look at never"
    assert (then.happened, then.seconds) == (True, 5.0)


def test_after_a_hopeless_one_the_others_are_looked_for_once(clock: Clock) -> None:
    driver = milestone(clock, "driver", "", HopelessError("the driver failed"))
    outcomes, said = followed(
        driver,
        milestone(clock, "counts", "", "too late"),
        milestone(clock, "log", "there"),
        milestone(clock, "end", ""),
    )
    assert [each.happened for each in outcomes] == [False, False, True, False]
    assert clock.looks == ["driver", "driver", "counts", "log", "end"]
    assert said[0] == "[1/4] MISSING: driver: the driver failed"
    assert clock.now == 1001.0


def test_whoever_waits_long_is_told_for_what(clock: Clock) -> None:
    _, said = followed(milestone(clock, "a pod", *[""] * 40, "it runs"))
    waiting = [each.strip() for each in said[:-1]]
    assert waiting == ["waiting for a pod: 15 s", "waiting for a pod: 30 s"]
    assert said[-1] == "[1/1] ok: a pod: it runs"


def test_a_server_that_does_not_listen_yet_is_waited_for_and_named_if_it_never_does(clock: Clock) -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    (later, never), said = followed(
        milestone(clock, "later", refused, refused, "answered"), milestone(clock, "never", refused, seconds=2)
    )
    assert later.happened
    assert not never.happened
    assert "not after 2 s ([Errno 111] Connection refused). look at never" in said[-1]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (ApiException(status=403, reason="Forbidden"), "Kubernetes refused it (403 Forbidden). look at nodes"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListObjectsV2"),
            "AWS refused ListObjectsV2 (AccessDenied: no). look at nodes",
        ),
        (WrongError("it was in another queue"), "it was in another queue. look at nodes"),
    ],
    ids=["kubernetes", "aws", "wrong"],
)
def test_what_was_refused_or_is_wrong_is_not_waited_for_and_what_follows_has_its_whole_time(
    clock: Clock, refusal: Exception, said: str
) -> None:
    (first, then), lines = followed(milestone(clock, "nodes", refusal), milestone(clock, "log", "", "", "there"))
    assert (first.happened, first.seconds) == (False, 0.0)
    assert lines[0] == f"[1/2] MISSING: nodes: {said}"
    assert then.happened


def test_a_refusal_is_told_in_the_words_of_the_api_server() -> None:
    error = ApiException(status=403, reason="Forbidden")
    error.body = '{"message": "pods is forbidden"}'
    assert milestones.refused(error) == "Kubernetes refused it (pods is forbidden)"


@pytest.mark.parametrize(
    "passing",
    [
        ApiException(status=503, reason="Unavailable"),
        ClientError({"Error": {"Code": "SlowDown"}}, "ListObjectsV2"),
        OSError("no route"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_error_that_may_pass_is_waited_for(clock: Clock, passing: Exception) -> None:
    (outcome,), _ = followed(milestone(clock, "later", passing, passing, "answered"))
    assert (outcome.happened, outcome.seconds) == (True, 2.0)


def test_all_of_them_together_take_no_longer_than_allowed_and_the_rest_is_looked_for_once(clock: Clock) -> None:
    said: list[str] = []
    wanted = [milestone(clock, name, "", seconds=60) for name in ("a", "b", "c")] + [milestone(clock, "d", "there")]
    outcomes = follow(wanted, said.append, patience_seconds=90)
    assert [each.seconds for each in outcomes] == [60.0, 30.0, 0.0, 0.0]
    assert [each.happened for each in outcomes] == [False, False, False, True]
    assert clock.looks.count("c") == 1


def test_the_end_says_what_is_missing() -> None:
    found, missing = Outcome("a", True, 1.0, ""), Outcome("b", False, 1.0, "")
    assert summary([found, found]) == "The word count went through: 2 of 2."
    assert summary([found, missing, missing]) == "2 of 3 are missing: b; b"
