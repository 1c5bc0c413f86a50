"""Celeborn's configuration: settings that it knows, and that agree with each other, with pods and with nodes."""

import re

import pytest

from components.shuffle.addresses import (
    MASTER_CLIENT_PORTS,
    MASTER_PORTS,
    MASTERS,
    WORKER_CLIENT_PORTS,
    WORKER_PORTS,
    master_endpoints,
)
from components.shuffle.configuration import GRACE_SECONDS, celeborn_defaults
from components.shuffle.settings import CelebornSettings, ShuffleSettings
from components.shuffle.spark_lines import shuffle_lines
from tests.components.shuffle.celeborn_environment import workers
from tests.components.shuffle.known import celeborn_knows

# Amazon EKS user guide, "Understand each phase of node updates": what it waits for pods of one node.
EKS_DRAIN_SECONDS = 15 * 60


def parsed() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in celeborn_defaults(workers()).splitlines():
        key, value = line.split(" ")
        assert key not in found, f"{key} is set twice"
        found[key] = value
    return found


def test_celeborn_knows_every_key() -> None:
    assert [key for key in parsed() if not celeborn_knows(key)] == []
    assert not celeborn_knows("celeborn.worker.storage.dir"), "this test would miss a misspelt key"


def test_each_master_is_listed_with_every_port_and_found_by_applications_and_workers() -> None:
    found = parsed()
    hosts = [found[f"celeborn.master.ha.node.{index}.host"] for index in range(MASTERS)]
    assert len(set(hosts)) == MASTERS == 3
    for kind, port in (("endpoints", "port"), ("internal.endpoints", "internal.port")):
        expected = [f"{host}:{found[f'celeborn.master.ha.node.{index}.{port}']}" for index, host in enumerate(hosts)]
        assert found[f"celeborn.master.{kind}"].split(",") == expected
    spark = shuffle_lines(ShuffleSettings(celeborn=CelebornSettings(peak_shuffle_gib=1)))
    assert spark["spark.celeborn.master.endpoints"] == found["celeborn.master.endpoints"] == master_endpoints()


def test_a_host_name_is_complete_so_that_no_search_domain_is_tried_before_it() -> None:
    """The resolver of a pod tries search domains first for names with fewer than five dots."""
    assert all(host.rpartition(":")[0].count(".") >= 5 for host in master_endpoints().split(","))


def test_ports_of_masters_and_workers_are_fixed_and_differ() -> None:
    found = parsed()
    for ports in (MASTER_PORTS, WORKER_PORTS):
        assert len(set(ports.values())) == len(ports)
    for kind in ("rpc", "push", "fetch", "replicate", "internal", "http"):
        assert found[f"celeborn.worker.{kind}.port"] == str(WORKER_PORTS[kind])


def test_masters_and_workers_talk_on_ports_of_their_own_because_applications_must_log_in() -> None:
    found = parsed()
    assert found["celeborn.auth.enabled"] == found["celeborn.internal.port.enabled"] == "true"
    spark = shuffle_lines(ShuffleSettings(celeborn=CelebornSettings(peak_shuffle_gib=1)))
    assert spark["spark.celeborn.auth.enabled"] == "true"
    assert MASTER_PORTS["internal"] not in MASTER_CLIENT_PORTS
    assert not {WORKER_PORTS["internal"], WORKER_PORTS["replicate"], WORKER_PORTS["http"]} & set(WORKER_CLIENT_PORTS)


def test_a_worker_stops_within_the_time_that_kubernetes_and_a_node_update_give_it() -> None:
    found = parsed()
    prefix = "celeborn.worker.graceful.shutdown"
    closing, sorting, whole = (
        int(found[f"{prefix}.{each}"].removesuffix("s"))
        for each in ("checkSlotsFinished.timeout", "partitionSorter.shutdownTimeout", "timeout")
    )
    assert found[f"{prefix}.enabled"] == "true"
    assert closing + sorting <= whole < GRACE_SECONDS < EKS_DRAIN_SECONDS


def test_the_storage_directory_says_its_capacity_and_lies_on_one_volume_with_what_a_restart_needs() -> None:
    found = parsed()
    match = re.fullmatch(r"(/data/\S+):disktype=SSD:capacity=(\d+)Gi", found["celeborn.worker.storage.dirs"])
    assert match
    assert int(match[2]) == workers().disk_gib
    assert found["celeborn.worker.graceful.shutdown.recoverPath"].startswith("/data/")
    assert found["celeborn.worker.graceful.shutdown.recoverPath"] != match[1]


@pytest.mark.parametrize("replicate", [True, False])
def test_copies_are_what_applications_ask_for(replicate: bool) -> None:
    settings = CelebornSettings(peak_shuffle_gib=1, replicate=replicate)
    spark = shuffle_lines(ShuffleSettings(celeborn=settings))
    assert spark["spark.celeborn.client.push.replicate.enabled"] == ("true" if replicate else "false")
