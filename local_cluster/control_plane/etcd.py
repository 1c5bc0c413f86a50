"""etcd, the control plane's store: one member, which only the holder of its certificate may use."""

from pathlib import Path

from local_cluster.certificates import authority_file, issue
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.process import Process
from local_cluster.waiting import answers

CLIENT = "etcd-client"


def etcd(program: Path, directory: ClusterDirectory, ports: Ports) -> Process:
    """The process.

    Writes reach the file system and not the disk at once: a killed process loses none, a machine without power may.

    Source: etcd documentation, "Configuration options" and "Transport security model".
    """
    certificate, key = issue(directory, "etcd", "etcd", hosts=(LOOPBACK,))
    authority = str(authority_file(directory))
    address, peer = f"https://{LOOPBACK}:{ports.etcd}", f"https://{LOOPBACK}:{ports.etcd_peer}"
    options = {
        "name": "moka",
        "data-dir": str(directory.data / "etcd"),
        "listen-client-urls": address,
        "advertise-client-urls": address,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"moka={peer}",
        "cert-file": str(certificate),
        "key-file": str(key),
        "client-cert-auth": "true",
        "trusted-ca-file": authority,
        "peer-cert-file": str(certificate),
        "peer-key-file": str(key),
        "peer-client-cert-auth": "true",
        "peer-trusted-ca-file": authority,
        "unsafe-no-fsync": "true",
        "log-level": "warn",
        # Kubernetes compacts every five minutes; what is compacted is not given back to the disk otherwise.
        "auto-compaction-mode": "periodic",
        "auto-compaction-retention": "10m",
    }
    client = issue(directory, CLIENT, CLIENT)
    return Process(
        "etcd",
        [str(program), *(f"--{name}={value}" for name, value in options.items())],
        lambda: answers(f"{address}/health", authority_file(directory), client),
    )
