"""The harness's servers answer as those that they stand for, over TLS that only its own authority vouches for."""

import base64
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.logging.certificates import Authority
from tests.logging.node import Container
from tests.logging.servers import BUCKETS, ApiServer, Kubelet, Storage


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def get(authority: Authority, url: str) -> bytes:
    return urllib.request.urlopen(url, context=ssl.create_default_context(cafile=authority.path), timeout=20).read()


@pytest.fixture
def storage(authority: Authority) -> Iterator[Storage]:
    server = Storage(authority.server_context(["localhost"]), port=0, moto_port=0)
    server.empty()
    yield server
    server.stop()


def put(authority: Authority, storage: Storage, key: str, body: bytes, *, checksum: bool = True) -> None:
    url = f"https://localhost:{storage.port}/{key}"
    headers = {"Content-Type": "text/plain"}
    if checksum:
        headers["Content-MD5"] = base64.b64encode(hashlib.md5(body).digest()).decode()
    request = urllib.request.Request(url, body, headers, method="PUT")
    context = ssl.create_default_context(cafile=authority.path)
    urllib.request.urlopen(request, context=context, timeout=20).read()


def test_objects_come_back_in_the_order_of_arrival(authority: Authority, storage: Storage) -> None:
    for key in ("b", "a"):
        put(authority, storage, f"{BUCKETS[0]}/{key}", key.encode())
    assert list(storage.objects().items()) == [(f"{BUCKETS[0]}/b", b"b"), (f"{BUCKETS[0]}/a", b"a")]


def test_storage_asks_for_a_checksum_as_a_locked_bucket_does(authority: Authority, storage: Storage) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        put(authority, storage, f"{BUCKETS[0]}/a", b"a", checksum=False)
    assert storage.objects() == {}


def test_storage_slows_down_refuses_and_recovers(authority: Authority, storage: Storage) -> None:
    storage.set("slow-down")
    with pytest.raises(urllib.error.HTTPError, match="503"):
        put(authority, storage, f"{BUCKETS[0]}/a", b"a")
    storage.set("refused")
    with pytest.raises(urllib.error.URLError, match="refused"):
        put(authority, storage, f"{BUCKETS[0]}/a", b"a")
    assert storage.objects() == {}
    storage.set("none")
    put(authority, storage, f"{BUCKETS[0]}/a", b"a")
    assert storage.objects() == {f"{BUCKETS[0]}/a": b"a"}


def test_the_kubelet_lists_pods_until_it_breaks(authority: Authority, tmp_path: Path) -> None:
    container = Container(tmp_path / "logs", "job-driver", "spark-kubernetes-driver")
    kubelet = Kubelet(authority.server_context(["localhost"]), lambda: [container.description()], port=0)
    url = f"https://localhost:{kubelet.server.port}/pods"
    assert json.loads(get(authority, url))["items"][0]["metadata"]["name"] == "job-driver"
    kubelet.broken = True
    with pytest.raises(urllib.error.HTTPError, match="500"):
        get(authority, url)
    kubelet.server.stop()


def test_the_api_lists_an_event_once_as_it_is_now(authority: Authority) -> None:
    api = ApiServer(authority.server_context(["localhost"]), address=("127.0.0.1", 0))
    api.add("one", "first")
    api.add("one", "again", times=2)
    api.add("two", "other")
    events = json.loads(get(authority, f"https://localhost:{api.server.port}/api/v1/events"))
    assert events["metadata"]["resourceVersion"] == "3"
    assert [(each["message"], each["count"]) for each in events["items"]] == [("again", 2), ("other", 1)]
    api.server.stop()
