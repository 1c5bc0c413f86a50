"""Pages are asked of a ready pod of the service, by a forwarded port that is closed again."""

import socket as sockets
import threading
from typing import Any

import pytest

from moka_smoke import pages
from moka_smoke.pages import HISTORY, PROMETHEUS, YUNIKORN, ForwardedPages, PageError, get_json
from tests.moka_smoke.fakes import FakeObjects, Object

LABELS = {"app.kubernetes.io/name": "spark-history-server"}


class Forwarded:
    """A forwarded port, at whose end somebody answers with what he is told to."""

    def __init__(self, answer: bytes) -> None:
        self.near, far = sockets.socketpair()
        self.closed = False
        self.asked: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, args=(far, answer))
        self._thread.start()

    def socket(self, port: int) -> sockets.socket:
        assert port == HISTORY.port
        return self.near

    def close(self) -> None:
        self.closed = True
        self.near.close()
        self._thread.join()

    def _serve(self, far: sockets.socket, answer: bytes) -> None:
        with far:
            self.asked.append(far.recv(65536))
            far.sendall(answer)


def http(status: str, body: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def pod(name: str, ready: str, labels: dict[str, str] = LABELS) -> Object:
    status = {"conditions": [{"type": "Ready", "status": ready}]}
    metadata = {"name": name, "namespace": HISTORY.namespace, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": status}


@pytest.fixture
def objects() -> FakeObjects:
    """A service with two pods, of which one is ready, and a pod of another."""
    made = FakeObjects()
    metadata = {"name": HISTORY.service, "namespace": HISTORY.namespace}
    made.put({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": LABELS}})
    for each in (pod("old", "False"), pod("new", "True"), pod("other", "True", {})):
        made.put(each)
    return made


@pytest.fixture
def forwards(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is forwarded; the answers are taken from the end."""
    made: list[Any] = []

    def portforward(_: Any, name: str, namespace: str, *, ports: str) -> Forwarded:
        assert (namespace, ports) == (HISTORY.namespace, str(HISTORY.port))
        answer = made.pop()
        made.append((name, Forwarded(answer)))
        return made[-1][1]

    monkeypatch.setattr(pages, "portforward", portforward)
    return made


def test_a_ready_pod_of_the_service_is_asked_and_the_port_closed(objects: FakeObjects, forwards: list[Any]) -> None:
    forwards.append(http("200 OK", '[{"id": "spark-1"}]'))
    assert ForwardedPages(objects, Any).answer(HISTORY, "/api/v1/applications") == [{"id": "spark-1"}]  # pyright: ignore
    ((name, forwarded),) = forwards
    assert name == "new"
    assert forwarded.asked[0].startswith(b"GET /api/v1/applications HTTP/1.1\r\n")
    assert forwarded.closed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http("404 Not Found", ""), "spark-history-server answers 404 for /x"),
        (http("200 OK", "<html>"), "spark-history-server answers no JSON for /x"),
        (b"", "spark-history-server does not answer"),
        (b"nonsense\r\n\r\n", "spark-history-server does not answer"),
    ],
    ids=["status", "json", "closed", "protocol"],
)
def test_an_answer_that_is_none_is_named_and_the_port_closed(
    objects: FakeObjects, forwards: list[Any], answer: bytes, said: str
) -> None:
    forwards.append(answer)
    with pytest.raises(PageError, match=said):
        ForwardedPages(objects, Any).answer(HISTORY, "/x")  # pyright: ignore
    assert forwards[0][1].closed


def test_without_a_ready_pod_nobody_is_asked(objects: FakeObjects, forwards: list[Any]) -> None:
    objects.put(pod("new", "False"))
    with pytest.raises(PageError, match="no pod of service spark-history-server in spark-history is ready"):
        ForwardedPages(objects, Any).answer(HISTORY, "/x")  # pyright: ignore
    assert forwards == []


def test_a_service_that_is_not_there_takes_no_other_pod(forwards: list[Any]) -> None:
    alone = FakeObjects()
    alone.put(pod("new", "True"))
    with pytest.raises(PageError, match="is ready"):
        ForwardedPages(alone, Any).answer(HISTORY, "/x")  # pyright: ignore
    assert forwards == []


def test_servers_are_where_the_environment_has_them() -> None:
    assert [(each.namespace, each.service, each.port) for each in (HISTORY, PROMETHEUS, YUNIKORN)] == [
        ("spark-history", "spark-history-server", 18080),
        ("monitoring", "prometheus", 9090),
        ("yunikorn", "yunikorn-scheduler", 9080),
    ]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_SECONDS", 0.05)
    near, far = sockets.socketpair()
    with near, far, pytest.raises(TimeoutError):
        get_json(near, HISTORY, "/x")
