"""Ports for programs that take a number: nobody else gets one of them before the program listens."""

import re
import socket
from pathlib import Path

import pytest

from local_cluster import ports

PROJECT = Path(__file__).parents[2]


def test_a_port_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LAST", ports.FIRST + 4)
    monkeypatch.setattr(ports, "_given", set())
    assert len(set(ports.free_ports(4)) | {ports.free_port()}) == 5
    with pytest.raises(OSError, match=r"No port of 127\.0\.0\.1 from 12000 to 12004 is free"):
        ports.free_port()


def test_a_port_that_somebody_listens_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ports.free_port()
    monkeypatch.setattr(ports, "FIRST", first)
    monkeypatch.setattr(ports, "LAST", first)
    monkeypatch.setattr(ports, "_given", set())
    with socket.create_server((ports.LOOPBACK, first)), pytest.raises(OSError, match="is free"):
        ports.free_port()
    assert ports.free_port() == first


def test_ports_lie_outside_of_what_the_kernel_gives_to_clients() -> None:
    """A test of real programs failed: a client had got the port that one of them was about to listen on."""
    first, last = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    assert not set(range(ports.FIRST, ports.LAST + 1)) & set(range(first, last + 1))


def test_nobody_asks_the_kernel_for_the_number_of_a_port_that_a_program_shall_listen_on() -> None:
    asking = re.compile(r"\.bind\(\([^)]*, 0\)\)")
    directories = ("components", "offline", "local_cluster", "moka_images", "moka_smoke", "tests")
    files = [file for directory in directories for file in (PROJECT / directory).rglob("*.py")]
    assert [file for file in files if asking.search(file.read_text())] == []
