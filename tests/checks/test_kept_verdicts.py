"""What the API server or Helm said is not asked again in the next process, unless it quotes somebody's values."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from offline.charts import find_charts
from offline.checks import kept
from offline.checks.charts.judge import ReleasesJudge
from offline.checks.judges import all_judges, closing, findings_in
from offline.checks.kept import KeptAnswers
from offline.checks.kubernetes.api_server import ApiServer, CustomKindError, UnsupportedObjectError
from offline.checks.kubernetes.program import find_program
from offline.progress import silent
from offline.providers.resource import Resource
from offline.providers.values import Properties, secret
from tests.checks.installed import OPERATOR as NAMED
from tests.checks.installed import installed_stack

PROGRAM, CHARTS = find_program(silent), find_charts(silent)
(OPERATOR,) = (each for each in installed_stack() if (each.type, each.name) == NAMED)
ServerMaker = Callable[..., ApiServer]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerMaker:
    """Makes the servers of one process after the other: only one that may ask has a program."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def make(*, asks: bool, version: str = "1") -> ApiServer:
        kept._lines_of.cache_clear()
        program = (lambda: PROGRAM) if asks else (lambda: pytest.fail("it was asked again"))
        return ApiServer(program, KeptAnswers("objects", lambda: version))

    return make


def config_map(name: str) -> Properties:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}


def written(cache: Path) -> str:
    return "".join(each.read_text() for each in (cache / "moka").glob("judged-*"))


def test_an_object_without_fault_is_not_asked_about_again(server: ServerMaker) -> None:
    for asks in (True, False):
        assert server(asks=asks).problems(config_map("right")) == []
    for asks in (True, False):
        assert server(asks=asks).conflicts(config_map("right")) == []


def test_another_object_or_another_program_is_asked_about(server: ServerMaker) -> None:
    assert server(asks=True).problems(config_map("right")) == []
    asked = pytest.raises(pytest.fail.Exception, match="asked again")
    with asked:
        server(asks=False).problems(config_map("other"))
    with asked:
        server(asks=False).problems(config_map("right"), config_map("before"))
    with asked:
        server(asks=False, version="2").problems(config_map("right"))


def test_a_fault_is_found_each_time_and_what_it_quotes_is_written_nowhere(server: ServerMaker, tmp_path: Path) -> None:
    for _ in range(2):
        (problem,) = server(asks=True).problems(config_map("Wrong_Name"))
        assert problem.field == "metadata.name"
    for _ in range(2):
        with pytest.raises(UnsupportedObjectError, match="v3"):
            server(asks=True).problems({**config_map("a"), "apiVersion": "apps/v3", "kind": "Deployment"})
    assert written(tmp_path) == ""


def test_whose_kind_is_custom_is_known_afterwards(server: ServerMaker) -> None:
    for asks in (True, False):
        found = server(asks=asks)
        with pytest.raises(CustomKindError):
            found.problems({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "spark"}})
        assert found.is_custom("karpenter.sh/v1", "NodePool")
        assert not found.is_custom("v1", "ConfigMap")


def test_a_chart_of_the_offline_cloud_is_rendered_once(server: ServerMaker) -> None:
    brought = [len(releases(server(asks=asks)).brought_by(OPERATOR)) for asks in (True, False)]
    assert brought[0] == brought[1] > 5


def test_a_chart_whose_path_does_not_say_what_is_in_it_is_rendered_each_time(server: ServerMaker) -> None:
    elsewhere = replace(OPERATOR, inputs=OPERATOR.inputs | {"chart": str(CHARTS / OPERATOR.inputs["chart"])})
    charts = CHARTS / "none"
    assert ReleasesJudge(server(asks=True), lambda: charts).brought_by(elsewhere)
    with pytest.raises(pytest.fail.Exception, match="asked again"):
        ReleasesJudge(server(asks=False), lambda: charts).brought_by(elsewhere)


def test_a_chart_that_is_given_a_secret_is_written_nowhere(server: ServerMaker, tmp_path: Path) -> None:
    values = {"nameOverride": secret("hidden-name")}
    hiding = replace(OPERATOR, inputs=OPERATOR.inputs | {"values": values})
    for _ in range(2):
        assert "hidden-name" in str(releases(server(asks=True)).brought_by(hiding))
    assert "hidden-name" not in written(tmp_path)


def test_the_judges_of_a_run_keep_what_they_were_told(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = Resource("urn:pulumi:dev::moka::kubernetes:core/v1:ConfigMap::one", config_map("one"))
    for may_start in (True, False):
        if not may_start:
            monkeypatch.setattr(ApiServer, "_start", lambda _: pytest.fail("it was asked again"))
        judges = all_judges()
        with closing(judges):
            assert findings_in(resource, judges) == []


def releases(server: ApiServer) -> ReleasesJudge:
    return ReleasesJudge(server, lambda: CHARTS)
