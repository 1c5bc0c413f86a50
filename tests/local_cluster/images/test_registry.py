"""An image is pulled as its registry has it, checked blob by blob, after the token that the registry asks for."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local_cluster.images import registry
from local_cluster.images.registry import Name, parse, pull
from offline.errors import MissingToolError
from offline.progress import silent
from offline.release_download import this_platform

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("quay.io/a/b:v1", Name("quay.io", "a/b", "v1")),
        (f"quay.io/a/b:v1@{DIGEST}", Name("quay.io", "a/b", DIGEST)),
        ("localhost:5000/a", Name("localhost:5000", "a", "latest")),
        ("busybox:1", Name("docker.io", "library/busybox", "1")),
        ("docker.io/apache/spark:4", Name("docker.io", "apache/spark", "4")),
    ],
)
def test_a_reference_has_registry_path_and_version(reference: str, name: Name) -> None:
    assert parse(reference) == name


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def document(value: object) -> bytes:
    return json.dumps(value).encode()


class Registry:
    """One repository with one image, whose layer says something else when it is `damaged`."""

    def __init__(self) -> None:
        self.damaged = False
        self.layer, self.config = b"layer", document({"rootfs": {"diff_ids": [digest(b"contents")]}})
        types = "application/vnd.oci.image"
        self.manifest = document(
            {
                "config": {"mediaType": f"{types}.config.v1+json", "digest": digest(self.config)},
                "layers": [{"mediaType": f"{types}.layer.v1.tar+gzip", "digest": digest(self.layer)}],
            }
        )
        platforms = [("linux", "s390x", DIGEST), ("linux", this_platform()[1], digest(self.manifest))]
        self.index = document(
            {
                "manifests": [
                    {"platform": {"os": system, "architecture": architecture}, "digest": each}
                    for system, architecture, each in platforms
                ]
            }
        )

    def answer(self, path: str) -> bytes | None:
        return {
            "/manifests/1": self.index,
            f"/manifests/{digest(self.manifest)}": self.manifest,
            f"/blobs/{digest(self.config)}": self.config,
            f"/blobs/{digest(self.layer)}": b"damage" if self.damaged else self.layer,
        }.get(path)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    content = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = content.answer(self.path)
            if self.path.startswith("/token"):
                body = document({"token": "secret"})
            elif self.headers.get("Authorization") != "Bearer secret":
                self.send_response(401)
                self.send_header("WWW-Authenticate", f'Bearer realm="{address}/token",service="s",scope="pull"')
                self.end_headers()
                return
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(registry.Name, "address", address)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield content
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_image_of_this_machine_is_pulled_once(served: Registry) -> None:
    pulled = pull("registry.test/app:1", silent)
    served.damaged = True
    assert pull("registry.test/app:1", silent) == pulled
    (layer,) = pulled.layers
    assert (layer.path.read_bytes(), f"sha256:{layer.contents}") == (b"layer", digest(b"contents"))
    assert layer.media_type.endswith("tar+gzip")


def test_a_damaged_layer_is_thrown_away(served: Registry) -> None:
    served.damaged = True
    with pytest.raises(MissingToolError, match=r"registry\.test/app:1 can't be pulled: .* is what it should be"):
        pull("registry.test/app:1", silent)
    served.damaged = False
    assert pull("registry.test/app:1", silent)
