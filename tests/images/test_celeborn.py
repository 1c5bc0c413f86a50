"""The image with Celeborn's client, whose jar is at hand nowhere here: another one stands for it."""

import hashlib
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.images.table import CELEBORN, SPARK_WITH_CELEBORN
from tests.images.build import BAKE_FILE, ROOT
from tests.images.conftest import Built
from tests.images.container import unpack
from tests.images.emulation import NATIVE

pytestmark = pytest.mark.images

TARGET = "spark-celeborn"
JAR = b"PK\x05\x06" + bytes(18)
SHA256 = hashlib.sha256(JAR).hexdigest()
CLIENT = f"celeborn-client-spark-4-shaded_2.13-{CELEBORN.tag}.jar"
PATH = f"/org/apache/celeborn/celeborn-client-spark-4-shaded_2.13/{CELEBORN.tag}/{CLIENT}"
MAVEN = "https://repo1.maven.org/maven2"


@contextmanager
def maven_central() -> Iterator[str]:
    """Maven Central, with a client of Celeborn's."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._begin()

        def do_GET(self) -> None:
            if self._begin():
                self.wfile.write(JAR)

        def _begin(self) -> bool:
            is_client = self.path == PATH
            self.send_response(200 if is_client else 302)
            self.send_header(*(("Content-Length", str(len(JAR))) if is_client else ("Location", f"{MAVEN}{self.path}")))
            self.end_headers()
            return is_client

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def baked(built: Built, sha256: str) -> None:
    """Build the image for this machine and push it."""
    with maven_central() as address:
        arguments = {"MAVEN": address, "CELEBORN_SHA256": sha256}
        options = [f"--set={TARGET}.args.{name}={value}" for name, value in arguments.items()]
        options += [f"--set={TARGET}.platform=linux/{NATIVE}"]
        built.builder.bake([TARGET], built.registry.address, built.base, options=options)


def test_it_is_the_image_for_applications_with_the_client_beside_sparks_jars(built: Built, tmp_path: Path) -> None:
    baked(built, SHA256)
    reference = SPARK_WITH_CELEBORN.below(built.registry.address).reference
    image = unpack(built.builder.programs, reference, NATIVE, tmp_path / "image", built.runtime)
    client = image.root / "opt" / "spark" / "jars" / CLIENT
    assert client.read_bytes() == JAR
    assert client.stat().st_mode & 0o777 == 0o644
    assert image.config["User"] == "185"
    assert image.config["Entrypoint"] == ["/opt/entrypoint.sh"]


def test_another_jar_than_the_one_that_is_meant_ends_the_build(built: Built) -> None:
    with pytest.raises(AssertionError, match=f"digest mismatch.*{SHA256}"):
        baked(built, "0" * 64)


@pytest.mark.parametrize(("sha256", "is_built"), [("", False), (SHA256, True)])
def test_it_is_built_with_the_others_once_its_checksum_is_in_the_bake_file(
    sha256: str, is_built: bool, built: Built, tmp_path: Path
) -> None:
    empty = 'variable "CELEBORN_SHA256" {\n  default = "'
    text = BAKE_FILE.read_text()
    assert f'{empty}"' in text
    (tmp_path / "bake.hcl").write_text(text.replace(empty, f"{empty}{sha256}"))
    command = [str(built.builder.programs["buildx"]), "bake", "--file", str(tmp_path / "bake.hcl"), "--print"]
    done = subprocess.run(command, cwd=ROOT, env=built.builder.environment, check=True, capture_output=True)
    assert (TARGET in json.loads(done.stdout)["group"]["default"]["targets"]) == is_built
