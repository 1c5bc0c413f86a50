"""Nodes boot with a NodeConfig that nodeadm reads, and with kernel limits for hundreds of pods."""

import base64
import json
import subprocess
from email import message_from_bytes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.node_config import (
    EVENT_LOG_DIRECTORY,
    EVENT_LOG_LEFTOVERS_DAYS,
    JOURNAL_DIRECTORY,
    boot_script,
    encoded_user_data,
    node_config,
    reckoned_kubelet,
    reserved_memory_mib,
    user_data,
)

PODS = st.integers(16, 250)


def parts(encoded: str) -> dict[str, str]:
    """Content type of each MIME part to its body, as cloud-init and nodeadm read them."""
    message = message_from_bytes(base64.b64decode(encoded, validate=True))
    assert message.is_multipart()
    return {part.get_content_type(): str(part.get_payload()) for part in message.walk() if part is not message}


def kubelet(max_pods: int = 110) -> dict[str, Any]:
    return node_config(max_pods, False)["spec"]["kubelet"]["config"]


@given(PODS, st.booleans())
def test_user_data_carries_the_node_config_as_it_is(max_pods: int, has_nvme: bool) -> None:
    config = node_config(max_pods, has_nvme)

    body = parts(encoded_user_data(config))["application/node.eks.aws"]

    assert json.loads(body) == config
    assert (config["apiVersion"], config["kind"]) == ("node.eks.aws/v1alpha1", "NodeConfig")


@given(PODS)
def test_whoever_launches_a_node_tells_it_the_same(max_pods: int) -> None:
    config = node_config(max_pods, False)

    assert base64.b64decode(encoded_user_data(config)).decode() == user_data(config)
    assert user_data(config).startswith("MIME-Version: 1.0\n"), "Karpenter knows an archive by its first header"


@given(PODS)
def test_what_takes_room_from_pods_is_reckoned_with_and_nothing_else(max_pods: int) -> None:
    reckoned = reckoned_kubelet(node_config(max_pods, True))

    assert reckoned == {key: kubelet(max_pods)[key] for key in reckoned}
    assert set(reckoned) == {"maxPods", "kubeReserved", "systemReserved", "evictionHard"}


@given(PODS)
def test_local_disks_become_one_array_only_where_there_are_any(max_pods: int) -> None:
    assert node_config(max_pods, True)["spec"]["instance"] == {"localStorage": {"strategy": "RAID0"}}
    assert "instance" not in node_config(max_pods, False)["spec"]


def test_images_are_pulled_in_parallel_only_where_a_stack_says_so() -> None:
    assert node_config(110, True, fast_image_pull=True)["spec"]["featureGates"] == {"FastImagePull": True}
    assert "featureGates" not in node_config(110, True)["spec"]


@given(PODS)
def test_memory_for_the_kubelet_grows_with_the_pods_it_runs(max_pods: int) -> None:
    assert kubelet(max_pods)["maxPods"] == max_pods
    assert kubelet(max_pods)["kubeReserved"] == {"memory": f"{255 + 11 * max_pods}Mi"}
    assert reserved_memory_mib(max_pods + 1) > reserved_memory_mib(max_pods)


def test_pods_leave_something_for_the_operating_system() -> None:
    assert kubelet()["systemReserved"] == {"cpu": "100m", "memory": "256Mi"}


def test_a_node_shuts_down_within_the_two_minutes_of_a_spot_notice() -> None:
    seconds = {key: int(kubelet()[key].removesuffix("s")) for key in kubelet() if key.startswith("shutdown")}

    assert 0 < seconds["shutdownGracePeriodCriticalPods"] < seconds["shutdownGracePeriod"] < 120


def test_container_logs_outlast_a_stalled_log_agent() -> None:
    assert (kubelet()["containerLogMaxSize"], kubelet()["containerLogMaxFiles"]) == ("50Mi", 5)


@pytest.mark.parametrize("signal", ["memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available"])
def test_no_hard_eviction_threshold_of_the_kubelet_is_lost(signal: str) -> None:
    assert kubelet()["evictionHard"][signal]


def test_the_kernel_lets_hundreds_of_pods_watch_files() -> None:
    script = parts(encoded_user_data(node_config(110, False)))["text/x-shellscript"]

    assert script.startswith("#!/bin/bash\n")
    assert "fs.inotify.max_user_instances = 8192" in script
    assert "fs.inotify.max_user_watches = 524288" in script
    assert "sysctl --load" in script


def test_event_logs_of_drivers_find_their_directory_and_leftovers_go_after_days() -> None:
    script = parts(encoded_user_data(node_config(110, False)))["text/x-shellscript"]

    rule = f"d {EVENT_LOG_DIRECTORY} 1777 root root {EVENT_LOG_LEFTOVERS_DAYS}d\n"
    assert f"cat > /etc/tmpfiles.d/moka.conf <<'FILES'\n{rule}" in script
    assert script.index("/etc/tmpfiles.d/moka.conf <<") < script.index("systemd-tmpfiles --create")
    assert EVENT_LOG_LEFTOVERS_DAYS > 7, "an outage of Amazon S3 over a long weekend must lose nothing"


def test_the_journal_is_kept_on_disk_from_the_first_boot_on() -> None:
    script = parts(encoded_user_data(node_config(110, False)))["text/x-shellscript"]

    steps = [
        f"d {JOURNAL_DIRECTORY} 2755 root systemd-journal -\nFILES\n",
        "systemd-tmpfiles --create",
        "> /etc/systemd/journald.conf.d/90-moka.conf <<'JOURNAL'\n[Journal]\nStorage=persistent\nJOURNAL\n",
        "systemctl restart systemd-journald.service\n",
        "journalctl --flush\n",
    ]
    places = [script.index(step) for step in steps]
    assert places == sorted(places), "journald moves what it has once the directory is there and it may"


def test_the_boot_script_is_one_that_a_shell_reads() -> None:
    done = subprocess.run(["bash", "-n"], input=boot_script(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
