"""The clients of the API server that belong to the control plane: controllers and scheduler."""

import json
from pathlib import Path
from typing import Any

from local_cluster.certificates import SERVICE_ACCOUNTS, authority_file, issue, key_file
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, SERVICE_RANGE, Ports
from local_cluster.private_file import write_private
from local_cluster.process import Process

# By default controllers ask 20 times a second and the scheduler 50, to spare an API server that others need too: ten
# thousand pods would take eight minutes to be made, on a machine that makes and places them in two.
_UNHURRIED = {"kube-api-qps": "1000", "kube-api-burst": "1000"}


def kubeconfig_of(directory: ClusterDirectory, ports: Ports, name: str, client: tuple[Path, Path]) -> Path:
    """A kubeconfig for a client with a certificate of its own.

    Args:
        directory: the cluster's.
        ports: the API server's among them.
        name: of the file.
        client: certificate and key.
    """
    file = directory.pki / f"{name}.kubeconfig"
    certificate, key = client
    user = {"client-certificate": str(certificate), "client-key": str(key)}
    server = {
        "server": f"https://{LOOPBACK}:{ports.api_server}",
        "certificate-authority": str(authority_file(directory)),
    }
    content: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "moka", "cluster": server}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": "moka", "context": {"cluster": "moka", "user": name}}],
        "current-context": "moka",
    }
    write_private(file, json.dumps(content, indent=2))
    return file


def controller_manager(program: Path, directory: ClusterDirectory, ports: Ports) -> Process:
    """The controllers.

    Source: Kubernetes documentation, "kube-controller-manager".
    """
    name = "kube-controller-manager"
    client = issue(directory, name, f"system:{name}")
    authority = str(authority_file(directory))
    options = {
        "kubeconfig": str(kubeconfig_of(directory, ports, name, client)),
        "root-ca-file": authority,
        "service-account-private-key-file": str(key_file(directory, SERVICE_ACCOUNTS)),
        "use-service-account-credentials": "true",
        # It makes the directory, by default below /usr.
        "flex-volume-plugin-dir": str(directory.data / "volume-plugins"),
        "service-cluster-ip-range": SERVICE_RANGE,
        "leader-elect": "false",
        "secure-port": "0",
        "profiling": "false",
        # A quota that was there before a kind counts it from the next time on, and every cluster here is new. Five
        # minutes by default, as on Amazon EKS.
        "resource-quota-sync-period": "20s",
        **_UNHURRIED,
    }
    return Process(name, [str(program), *(f"--{key}={value}" for key, value in options.items())])


def scheduler(program: Path, directory: ClusterDirectory, ports: Ports) -> Process:
    """The scheduler.

    Source: Kubernetes documentation, "kube-scheduler".
    """
    name = "kube-scheduler"
    client = issue(directory, name, f"system:{name}")
    kubeconfig = kubeconfig_of(directory, ports, name, client)
    options = {
        "kubeconfig": str(kubeconfig),
        "leader-elect": "false",
        "secure-port": "0",
        "profiling": "false",
        **_UNHURRIED,
    }
    return Process(name, [str(program), *(f"--{key}={value}" for key, value in options.items())])
