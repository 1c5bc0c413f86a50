"""An archive holds each image under its name, with everything that its manifest counts on."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

from local_cluster.images.layer import Layer
from local_cluster.images.oci import Defaults, image, write_archive


def test_an_archive_holds_shared_layers_once_and_every_blob_by_its_digest(tmp_path: Path) -> None:
    (tmp_path / "layer").write_bytes(b"a layer")
    digest = hashlib.sha256(b"a layer").hexdigest()
    layer = Layer(tmp_path / "layer", digest, digest)
    defaults = Defaults(entrypoint=["/run"], environment={"A": "b"}, user="185", directory="/work")
    images = [image("example.test/one:1", [layer], defaults), image("example.test/two:2", [layer], Defaults())]
    stream = io.BytesIO()
    write_archive(images, stream)
    stream.seek(0)
    with tarfile.open(fileobj=stream) as archive:
        contents = {entry.name: archive.extractfile(entry) for entry in archive}
        files = {name: file.read() for name, file in contents.items() if file is not None}
    blobs = {name.rpartition("/")[2]: content for name, content in files.items() if name.startswith("blobs/")}
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in blobs.items())
    assert len(blobs) == 5
    manifests = json.loads(files["index.json"])["manifests"]
    assert [each["annotations"]["io.containerd.image.name"] for each in manifests] == [
        "example.test/one:1",
        "example.test/two:2",
    ]
    manifest = json.loads(blobs[manifests[0]["digest"].removeprefix("sha256:")])
    assert images[0].digest == manifests[0]["digest"]
    assert [each["digest"] for each in manifest["layers"]] == [f"sha256:{digest}"]
    config = json.loads(blobs[manifest["config"]["digest"].removeprefix("sha256:")])
    assert config["config"] == {
        "User": "185",
        "Env": ["A=b"],
        "Entrypoint": ["/run"],
        "Cmd": [],
        "WorkingDir": "/work",
    }
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}"]
