"""What a node is told when it boots: kubelet settings and local storage for nodeadm; limits, a directory for the shell.

Leaves out the cluster's name, address and certificate, which come in a NodeConfig of whoever launches the node. nodeadm
merges the two, and the later one wins: Amazon EKS puts its own ahead of ours (while the launch template names no AMI),
Karpenter puts its own behind ours, with what it reckons with, which is told to it in `reckoned_kubelet`.

Source: awslabs/amazon-eks-ami, nodeadm API reference and "Merging multiple configuration objects"; Karpenter
documentation, "NodeClasses", spec.userData, AL2023.
"""

import base64
import json
from typing import Any

NodeConfig = dict[str, Any]

# EC2 takes a spot instance two minutes after its notice; half a minute of that is for pods that others depend on.
SHUTDOWN_SECONDS = 90
SHUTDOWN_SECONDS_OF_CRITICAL_PODS = 30

# Spark executors, log agents and Java itself watch files: the kernel's defaults end near a hundred pods.
INOTIFY_LIMITS = {"fs.inotify.max_user_instances": 8192, "fs.inotify.max_user_watches": 524288}

# Where Spark drivers keep what Amazon S3 does not have yet of their event logs.
EVENT_LOG_DIRECTORY = "/var/log/spark-events"
# A driver that was killed leaves its part behind; the log agent has shipped it long before. A longer outage of S3 than
# this, or a driver that writes no event for as long, is what it would take to lose one.
EVENT_LOG_LEFTOVERS_DAYS = 10

# Where journald keeps what the log agent reads of the node itself. Images come without the directory now and then, and
# with journald's default (Storage=auto) everything then stays in memory.
# Source: amazonlinux/amazon-linux-2023, issue 616.
JOURNAL_DIRECTORY = "/var/log/journal"

BOUNDARY = "==MOKA-NODE=="


def reserved_memory_mib(max_pods: int) -> int:
    """Memory kept from pods for the kubelet and the container runtime, in MiB.

    Source: nodeadm, as in the Amazon EKS-optimised AMI: 255 MiB and 11 MiB a pod. nodeadm reckons with the pods that
    fit without prefix delegation, so it is told. It knows the instance's cores, which a group of many types does not:
    CPU and disk are left to it.
    """
    return 255 + 11 * max_pods


def node_config(max_pods: int, has_nvme: bool, *, fast_image_pull: bool = False) -> NodeConfig:
    """The NodeConfig of a node group or pool.

    Args:
        max_pods: most pods on a node.
        has_nvme: whether its types carry local NVMe volumes, which then become one RAID 0 array that holds
            images, emptyDir volumes and so Spark's shuffle.
        fast_image_pull: whether SOCI's snapshotter takes the place of containerd's own: layers are downloaded in
            pieces and unpacked at the same time, where containerd unpacks one after the other. Nothing is loaded
            lazily, and images need no index. nodeadm calls it experimental.

    Source: awslabs/amazon-eks-ami, nodeadm feature gates, FastImagePull; its system/local_disk.go, by which the
    snapshotter's directory lies on the array.
    """
    spec: dict[str, Any] = {
        "kubelet": {
            "config": {
                "maxPods": max_pods,
                "kubeReserved": {"memory": f"{reserved_memory_mib(max_pods)}Mi"},
                # systemd, sshd, journald and the kernel's own.
                "systemReserved": {"cpu": "100m", "memory": "256Mi"},
                # Naming one threshold drops the defaults of the others, so all are named.
                "evictionHard": {
                    "memory.available": "256Mi",
                    "nodefs.available": "10%",
                    "nodefs.inodesFree": "5%",
                    "imagefs.available": "15%",
                    "pid.available": "5%",
                },
                "shutdownGracePeriod": f"{SHUTDOWN_SECONDS}s",
                "shutdownGracePeriodCriticalPods": f"{SHUTDOWN_SECONDS_OF_CRITICAL_PODS}s",
                # Five files of 50 MiB outlast a stalled log agent; the default of 10 MiB turns over in seconds.
                "containerLogMaxSize": "50Mi",
                "containerLogMaxFiles": 5,
            }
        }
    }
    if has_nvme:
        spec["instance"] = {"localStorage": {"strategy": "RAID0"}}
    if fast_image_pull:
        spec["featureGates"] = {"FastImagePull": True}
    return {"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec}


def temporary_files_rules() -> str:
    """The directories that the log agent reads, as systemd-tmpfiles makes them at each boot.

    Anyone may write event logs, and only the writer may delete them: drivers run as the user of their image. Leftovers
    go, once a day. The journal's directory belongs to whom systemd gives it.

    Source: systemd, tmpfiles.d(5), and its own rules in tmpfiles.d/systemd.conf.
    """
    return (
        f"d {EVENT_LOG_DIRECTORY} 1777 root root {EVENT_LOG_LEFTOVERS_DAYS}d\n"
        f"d {JOURNAL_DIRECTORY} 2755 root systemd-journal -"
    )


def boot_script() -> str:
    """A shell script that raises the kernel's limits and makes what the log agent reads, now and after a reboot.

    It ends before the kubelet starts: nodeadm-run.service waits for cloud-final.service, which runs it. The journal
    comes last, so that nothing else depends on it. A directory alone is not enough: journald keeps to memory until it
    is told to move what it has there, and for good where an image says `Storage=volatile`.

    Source: systemd, journald.conf(5), `Storage=`; journalctl(1), `--flush`.
    """
    settings = "\n".join(f"{key} = {value}" for key, value in INOTIFY_LIMITS.items())
    return f"""#!/bin/bash
set -o errexit -o nounset
cat > /etc/sysctl.d/90-moka.conf <<'LIMITS'
{settings}
LIMITS
sysctl --load=/etc/sysctl.d/90-moka.conf
cat > /etc/tmpfiles.d/moka.conf <<'FILES'
{temporary_files_rules()}
FILES
systemd-tmpfiles --create /etc/tmpfiles.d/moka.conf
mkdir -p /etc/systemd/journald.conf.d
cat > /etc/systemd/journald.conf.d/90-moka.conf <<'JOURNAL'
[Journal]
Storage=persistent
JOURNAL
systemctl restart systemd-journald.service
journalctl --flush
"""


def reckoned_kubelet(config: NodeConfig) -> dict[str, Any]:
    """The part of a NodeConfig's kubelet settings that decides what of a node pods can have.

    Karpenter chooses an instance by what pods ask for, before the node is there, so it has to be told as well; the rest
    it takes from the user data alone.

    Args:
        config: the NodeConfig.

    Source: aws/karpenter-provider-aws v1.14.1, pkg/apis/v1/ec2nodeclass.go, KubeletConfiguration, and
    pkg/providers/instancetype/types.go, NewInstanceType.
    """
    kubelet = config["spec"]["kubelet"]["config"]
    return {key: kubelet[key] for key in ("maxPods", "kubeReserved", "systemReserved", "evictionHard")}


def encoded_user_data(config: NodeConfig) -> str:
    """User data as a launch template holds it: base64."""
    return base64.b64encode(user_data(config).encode()).decode()


def user_data(config: NodeConfig) -> str:
    """User data of a node: a MIME archive of NodeConfig and boot script.

    Args:
        config: the NodeConfig.
    """
    parts = {
        "application/node.eks.aws": json.dumps(config, indent=2),
        'text/x-shellscript; charset="us-ascii"': boot_script(),
    }
    lines = ["MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"', ""]
    for content_type, body in parts.items():
        lines += [f"--{BOUNDARY}", f"Content-Type: {content_type}", "", body, ""]
    lines.append(f"--{BOUNDARY}--")
    return "\n".join(lines)
