"""What tells an API server to encrypt everything that it stores."""

import json
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private

# Values in etcd begin with it: `k8s:enc:kms:v2:`, the name, and a colon.
PROVIDER = "aws-kms"
PREFIX = f"k8s:enc:kms:v2:{PROVIDER}:"

_SOCKET = "encryption-provider.sock"
_OWN_DIRECTORY = Path("/proc/self/cwd")
# The API server's default of three is short on a machine that others keep busy, and it asks again after ten.
_SECONDS = 10


def socket_file(directory: ClusterDirectory) -> Path:
    """The plugin's socket."""
    return directory.root / _SOCKET


def address(directory: ClusterDirectory) -> Path:
    """The same for programs that run in the cluster's directory: names of sockets are short, and that of it may not be.

    Source: unix(7), sun_path; proc(5), /proc/pid/cwd.
    """
    return (_OWN_DIRECTORY if _OWN_DIRECTORY.exists() else directory.root) / _SOCKET


def encryption_configuration(directory: ClusterDirectory) -> Path:
    """The file that the API server is given.

    Everything is encrypted, whatever its kind, as on Amazon EKS since Kubernetes 1.28. The first provider writes; the
    last reads what a cluster stored before anything was encrypted.

    Sources: Kubernetes documentation, "Encrypting Confidential Data at Rest" and "kube-apiserver Encryption
    Configuration (v1)"; Amazon EKS user guide, "Default envelope encryption for all Kubernetes API data".
    """
    provider = {
        "apiVersion": "v2",
        "name": PROVIDER,
        "endpoint": f"unix://{address(directory)}",
        "timeout": f"{_SECONDS}s",
    }
    content = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [{"resources": ["*.*"], "providers": [{"kms": provider}, {"identity": {}}]}],
    }
    file = directory.pki / "encryption.json"
    write_private(file, json.dumps(content, indent=2))
    return file
