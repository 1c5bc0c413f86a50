"""An application is found by its id alone, with few requests, and by its team where a reader sees no more than that."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.teams.names import namespace_of
from moka_logs.bucket import LogBucket
from moka_logs.cli import main
from moka_logs.exit_codes import FOUND, INTERRUPTED, NONE, REFUSED, USAGE
from moka_logs.namespaces import Whereabouts
from tests.moka_logs.conftest import APPLICATION, BUCKET, NAMESPACE, SparkLogs

Command = Callable[..., tuple[int, list[str], str]]
OTHER = "spark-billing"
LINE, OTHER_LINE = "26/11/23 10:00:00 INFO ours", "26/11/23 10:00:00 INFO theirs"


@pytest.fixture
def command(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> Command:
    """Exit code, texts of lines, and what standard error says."""
    del logs

    def run(*arguments: str) -> tuple[int, list[str], str]:
        code = main([APPLICATION, "--stack", "dev", *arguments])
        captured = capsys.readouterr()
        return code, [line.split(" ", 1)[1] for line in captured.out.splitlines()], captured.err

    return run


@pytest.fixture
def asked(logs: SparkLogs) -> list[dict[str, Any]]:
    """The listings that the fixture's client asks for."""
    requests: list[dict[str, Any]] = []
    logs.client.meta.events.register(
        "before-parameter-build.s3.ListObjectsV2", lambda params, **_: requests.append(dict(params))
    )
    return requests


def test_an_application_is_found_without_its_namespace_among_those_of_other_teams(
    logs: SparkLogs, command: Command
) -> None:
    logs.ship("a", "20261123T100000", OTHER_LINE, namespace=OTHER, application=f"{APPLICATION}0")
    logs.ship("a", "20261123T100000", LINE)
    code, lines, said = command()
    assert (code, lines) == (FOUND, [LINE])
    assert f"s3://{BUCKET}/spark/{NAMESPACE}/{APPLICATION}/" in said, "whoever looks learns the namespace"


def test_looking_for_a_namespace_takes_one_listing_and_one_look_into_each(
    logs: SparkLogs, asked: list[dict[str, Any]]
) -> None:
    for number in range(30):
        logs.ship("a", "20261123T100000", OTHER_LINE, namespace=f"spark-team{number}", application="spark-other")
    for second in range(10, 40):
        logs.ship("a", f"20261123T1000{second}", LINE)
    whereabouts = Whereabouts(LogBucket(logs.client, BUCKET), APPLICATION)
    assert whereabouts.find() == NAMESPACE
    assert len(asked) == 1 + 31
    assert asked[0]["Delimiter"] == "/", "keys would be listed, a thousand an answer"
    assert {each["MaxKeys"] for each in asked[1:]} == {1}
    assert whereabouts.find() == NAMESPACE
    assert len(asked) == 1 + 31, "who follows does not look again"


def test_namespaces_on_every_page_of_the_listing_are_found(logs: SparkLogs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    names = sorted(f"spark-team{number}" for number in range(10))
    for name in names:
        logs.ship("a", "20261123T100000", LINE, namespace=name)
    logs.put("spark-unlabelled/spark-other/a/20261123T100000-main-u.log.gz", b"")
    assert logs.client.list_objects_v2(Bucket=BUCKET, Prefix="spark/", Delimiter="/")["IsTruncated"]
    assert LogBucket(logs.client, BUCKET).namespaces() == names


@pytest.mark.parametrize("arguments", [("--team", "analytics"), ("--namespace", "spark-analytics")])
def test_a_named_team_is_the_only_one_that_is_looked_at(
    logs: SparkLogs, command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    logs.ship("a", "20261123T100000", LINE)
    logs.ship("b", "20261123T100000", OTHER_LINE, namespace=OTHER)

    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListObjectsV2")

    monkeypatch.setattr(LogBucket, "namespaces", refuse)
    assert command(*arguments)[:2] == (FOUND, [LINE])
    assert command("--namespace", OTHER)[:2] == (FOUND, [OTHER_LINE])
    code, lines, said = command("--team", "nobody")
    assert (code, lines) == (NONE, [])
    assert f"s3://{BUCKET}/spark/{namespace_of('nobody')}/{APPLICATION}/" in said
    assert "/spark-unlabelled/spark-nobody/, by pod, which is empty" in said
    code, lines, said = command()
    assert (code, lines) == (REFUSED, [])
    assert "name the team with --team" in said


def test_an_id_that_two_namespaces_have_is_wrong_usage_and_no_mix_of_two_applications(
    logs: SparkLogs, command: Command
) -> None:
    logs.ship("a", "20261123T100000", LINE)
    logs.ship("b", "20261123T100000", OTHER_LINE, namespace=OTHER)
    code, lines, said = command()
    assert (code, lines) == (USAGE, [])
    assert f"applications in {NAMESPACE} and {OTHER}: name one of them with --namespace" in said


def test_a_job_that_has_no_line_yet_is_looked_for_in_every_namespace_until_it_has_one(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = iter([lambda: logs.ship("a", "20261123T100000", LINE), lambda: logs.ship("a", "20261123T100100", "later")])

    def wait(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    logs.ship("b", "20261123T090000", OTHER_LINE, namespace=OTHER, application="spark-other")
    assert main([APPLICATION, "--stack", "dev", "--follow"], wait) == INTERRUPTED
    assert [line.split(" ", 1)[1] for line in capsys.readouterr().out.splitlines()] == [LINE, "later"]


def test_a_key_without_a_namespace_is_none_of_the_agents(logs: SparkLogs, command: Command) -> None:
    logs.put(f"spark/{APPLICATION}/driver/d/20261123T100000-main-u.log.gz", b"no log")
    assert command()[:2] == (NONE, [])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--team", "Analytics"), "is not a team's name"),
        (("--team", "a" * 58), "is not a team's name"),
        (("--team", "../billing"), "is not a team's name"),
        (("--namespace", "spark_analytics"), "is not a namespace"),
        (("--namespace", "*"), "is not a namespace"),
        (("--team", "analytics", "--namespace", "spark-billing"), "not allowed with"),
    ],
)
def test_a_name_that_no_cluster_knows_is_wrong_usage(
    arguments: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([APPLICATION, "--stack", "dev", *arguments])
    assert stopped.value.code == USAGE
    assert reason in capsys.readouterr().err
