"""A context of a kubeconfig is who asks; what the API server answers is what is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from moka_smoke.access import FIELD_MANAGER, Access, access
from moka_smoke.milestones import refused
from moka_smoke.spark_application import API_VERSION
from tests.moka_smoke.api_server import ApiServer

PODS = "/api/v1/namespaces/spark-analytics/pods"
APPLICATIONS = "/apis/sparkoperator.k8s.io/v1beta2/namespaces/spark-analytics/sparkapplications"


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """An API server."""
    made = ApiServer()
    yield made
    made.stop()


@pytest.fixture
def person(server: ApiServer, tmp_path: Path) -> Access:
    """A team's person, who is not the current context."""
    return access(server.kubeconfig(tmp_path, "platform", "analytics"), "analytics", tmp_path)


def test_everything_is_asked_as_the_context_says(server: ApiServer, person: Access, tmp_path: Path) -> None:
    server.answers[PODS] = {"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}
    assert [each["metadata"]["name"] for each in person.objects.listed("Pod", namespace="spark-analytics")] == ["a"]
    assert {token for _, _, token in server.asked} == {"Bearer token-of-analytics"}
    server.asked.clear()
    access(server.kubeconfig(tmp_path, "platform", "analytics"), None, tmp_path)
    assert {token for _, _, token in server.asked} == {"Bearer token-of-platform"}


def test_what_the_api_offers_is_remembered_by_this_run_alone(person: Access, tmp_path: Path) -> None:
    assert person.objects
    assert (tmp_path / "api-resources-analytics.json").is_file()


def test_an_application_is_made_under_the_name_of_the_smoke_test(server: ApiServer, person: Access) -> None:
    server.answers[APPLICATIONS] = {}
    metadata = {"name": "word-count", "namespace": "spark-analytics"}
    person.objects.create({"apiVersion": API_VERSION, "kind": "SparkApplication", "metadata": metadata})
    method, path, _ = server.asked[-1]
    assert (method, path) == ("POST", f"{APPLICATIONS}?fieldManager={FIELD_MANAGER}")


def test_an_object_is_found_or_there_is_none_or_nobody_may_say(server: ApiServer, person: Access) -> None:
    server.answers[f"{PODS}/a"] = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}}
    server.answers[f"{PODS}/c"] = (403, 'pods "c" is forbidden')
    assert person.objects.named("Pod", "a", "spark-analytics")["metadata"]["name"] == "a"
    assert person.objects.named("Pod", "b", "spark-analytics") == {}
    with pytest.raises(ApiException) as error:
        person.objects.named("Pod", "c", "spark-analytics")
    assert refused(error.value) == 'Kubernetes refused it (pods "c" is forbidden)'


def test_what_is_gone_already_is_removed_and_a_kind_that_is_not_there_is_named(person: Access) -> None:
    metadata = {"name": "gone", "namespace": "spark-analytics"}
    person.objects.remove({"apiVersion": "v1", "kind": "Pod", "metadata": metadata})
    with pytest.raises(ResourceNotFoundError):
        person.objects.named("ScheduledSparkApplication", "x", "spark-analytics", API_VERSION)


def test_last_words_of_a_pod_or_why_there_are_none(server: ApiServer, person: Access) -> None:
    server.answers[f"{PODS}/a/log"] = "first\nlast\n"
    server.answers[f"{PODS}/b/log"] = (400, "container is waiting to start")
    assert list(person.last_lines("spark-analytics", "a")) == ["first", "last"]
    assert "tailLines=50" in server.asked[-1][1]
    assert list(person.last_lines("spark-analytics", "b")) == ["its log can't be read: container is waiting to start"]


def test_a_context_that_is_not_there_is_named(server: ApiServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigException, match="nobody"):
        access(server.kubeconfig(tmp_path, "platform"), "nobody", tmp_path)
