"""The process that answers as an API server: many questions, one at a time from many threads, until it is closed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from offline import own_program
from offline.checks.judge import Closable
from offline.checks.judges import all_judges, closing
from offline.checks.kubernetes import program
from offline.checks.kubernetes.api_server import ApiServer, ApiServerError, CustomKindError, UnsupportedObjectError
from offline.checks.kubernetes.program import find_program
from offline.checks.kubernetes.validation import ApiServerJudge
from offline.processes import is_alive
from offline.progress import silent
from offline.providers.resource import Resource
from offline.providers.values import Properties, secret
from offline.tool_cache import cache_directory

SERVER = ApiServer()


def config_map(name: str) -> Properties:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}


def test_threads_get_the_answers_to_their_own_questions() -> None:
    names = [f"name-{number}" if number % 2 else f"Name_{number}" for number in range(300)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: SERVER.problems(config_map(name)), names))
    assert [bool(answer) for answer in answers] == [name.startswith("N") for name in names]


def test_a_kind_that_it_does_not_know_is_an_error_that_names_it() -> None:
    with pytest.raises(CustomKindError, match=r'kind NodePool of "karpenter\.sh/v1" is not known here'):
        SERVER.problems({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "spark"}})
    with pytest.raises(UnsupportedObjectError, match=r'kind Scale of "apps/v1" is not known here$'):
        SERVER.problems({"apiVersion": "apps/v1", "kind": "Scale", "metadata": {"name": "spark"}})
    with pytest.raises(UnsupportedObjectError, match='has no version "v3"'):
        SERVER.problems({"apiVersion": "apps/v3", "kind": "Deployment", "metadata": {"name": "spark"}})
    assert SERVER.problems(config_map("still-there")) == []


def test_an_unknown_kind_is_a_finding_that_says_how_to_add_it() -> None:
    inputs = {"apiVersion": "apps/v1", "kind": "Scale", "metadata": {"name": "spark"}}
    (finding,) = ApiServerJudge(SERVER).inspect(Resource("urn:pulumi:dev::moka::kubernetes:apps/v1:Scale::s", inputs))
    assert "tools/kubernetes/kinds.go" in str(finding)


def test_a_secret_is_judged_and_never_shown() -> None:
    inputs = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": secret({"key": "not base64!"})}
    urn = "urn:pulumi:dev::moka::kubernetes:core/v1:Secret::token"
    findings = list(ApiServerJudge(SERVER).inspect(Resource(urn, inputs)))
    assert [each.property for each in findings] == ["data.key"]
    assert "not base64!" not in str(findings[0])


def test_a_process_that_dies_says_what_it_said_and_the_next_question_starts_another(tmp_path: Path) -> None:
    dying = tmp_path / "dying"
    dying.write_text(f"#!{sys.executable}\nimport sys\nsys.stdin.readline()\nsys.exit('out of cheese')\n")
    dying.chmod(0o755)
    programs = [dying, find_program(silent)]
    server = ApiServer(lambda: programs.pop(0))
    with pytest.raises(ApiServerError, match=r"ended \(exit code 1\).*\n.*out of cheese"):
        server.problems(config_map("lost"))
    assert server.problems(config_map("found")) == []
    server.close()


def test_it_starts_with_the_first_object_and_ends_with_the_run(tmp_path: Path) -> None:
    noted, wrapper = tmp_path / "process", tmp_path / "wrapper"
    wrapper.write_text(f"#!/bin/sh\necho $$ > {noted}\nexec {find_program(silent)}\n")
    wrapper.chmod(0o755)
    judge = ApiServerJudge(ApiServer(lambda: wrapper))
    with closing([judge]):
        assert not noted.exists()
        resource = Resource("urn:pulumi:dev::moka::kubernetes:core/v1:ConfigMap::first", config_map("first"))
        assert list(judge.inspect(resource)) == list(judge.inspect(resource)) == []
        process = int(noted.read_text())
        assert is_alive(process)
    assert not is_alive(process)
    assert any(isinstance(each, Closable) for each in all_judges())


def test_it_is_built_by_the_set_up_and_anew_when_its_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_program(silent)
    assert found.parent.parent.parent == cache_directory()
    source = tmp_path / "kubernetes"
    source.mkdir()
    for file in program.MODULE.iterdir():
        (source / file.name).write_bytes(file.read_bytes())
    places: list[Path] = []

    def build(_program: object, place: Path, _report: object) -> None:
        places.append(place)

    monkeypatch.setattr(own_program, "build", build)
    monkeypatch.setattr(program, "MODULE", source)
    assert find_program(silent) == found
    (source / "main.go").write_text("package main\n")
    assert find_program(silent).parent.parent == places[0] != found.parent.parent


def test_the_api_servers_minor_version_is_the_clusters() -> None:
    pins = (program.MODULE / "go.mod").read_text()
    assert "k8s.io/kubernetes v1.35." in pins
    assert "k8s.io/pod-security-admission v0.35." in pins
