"""A truststore that Java reads holds each certificate of a bundle once."""

import hashlib
import shutil
import ssl
import struct
import subprocess
from pathlib import Path

import pytest

from images.spark.truststore import PASSWORD, certificates, java_truststore
from local_cluster.certificates import authority_file, make_authority
from local_cluster.directory import ClusterDirectory


@pytest.fixture
def authority(tmp_path: Path) -> str:
    directory = ClusterDirectory(tmp_path / "cluster", "dev")
    directory.make()
    make_authority(directory)
    return authority_file(directory).read_text()


def test_a_certificate_is_in_it_once_and_its_end_is_a_digest_of_the_rest(authority: str) -> None:
    store = java_truststore(f"# a comment\n{authority}{authority}")
    assert len(certificates(authority * 2)) == 1
    assert struct.unpack(">III", store[:12]) == (0xFEEDFEED, 2, 1)
    assert ssl.PEM_cert_to_DER_cert(authority) in store
    salted = PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + store[:-20]
    assert store[-20:] == hashlib.sha1(salted, usedforsecurity=False).digest()


@pytest.mark.verify
def test_java_reads_it(authority: str, tmp_path: Path) -> None:
    keytool = shutil.which("keytool")
    assert keytool, "keytool of a JDK is needed on PATH"
    (tmp_path / "cacerts").write_bytes(java_truststore(authority))
    command = [keytool, "-list", "-keystore", str(tmp_path / "cacerts"), "-storepass", PASSWORD]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Your keystore contains 1 entry" in listed
