"""Certificates of a cluster: kept while they are good, made anew when they are not, for their owner alone."""

import datetime

import pytest

from local_cluster import certificates
from local_cluster.certificates import authority_file, issue, make_authority
from local_cluster.directory import ClusterDirectory


def issued(directory: ClusterDirectory, *hosts: str) -> bytes:
    """The certificate of a server."""
    return issue(directory, "server", "server", hosts=hosts)[0].read_bytes()


def test_a_certificate_is_kept_while_it_is_good(directory: ClusterDirectory) -> None:
    first = issued(directory, "127.0.0.1")
    make_authority(directory)
    assert issued(directory, "127.0.0.1") == first


def test_other_names_make_another_certificate(directory: ClusterDirectory) -> None:
    assert issued(directory, "127.0.0.1") != issued(directory, "127.0.0.1", "localhost")


def test_a_certificate_of_another_authority_is_made_anew(directory: ClusterDirectory) -> None:
    first = issued(directory)
    authority_file(directory).unlink()
    make_authority(directory)
    assert issued(directory) != first


def test_a_certificate_past_half_of_its_life_is_made_anew(
    directory: ClusterDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = issued(directory)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=200)
    monkeypatch.setattr(certificates, "_now", lambda: later)
    assert issued(directory) != first


def test_keys_and_certificates_are_their_owners_alone(directory: ClusterDirectory) -> None:
    issued(directory)
    assert {file.stat().st_mode & 0o777 for file in directory.pki.iterdir()} == {0o600}
    assert directory.pki.stat().st_mode & 0o777 == 0o700
