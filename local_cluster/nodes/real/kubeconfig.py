"""How programs of a node find the API server, and say who they are."""

import json
from pathlib import Path

from local_cluster.directory import ClusterDirectory


def write_kubeconfig(directory: ClusterDirectory, name: str, api_server: str, client: tuple[Path, Path]) -> Path:
    """A kubeconfig for a client with a certificate.

    Args:
        directory: the cluster's.
        name: of the client.
        api_server: URL of the API server.
        client: certificate and key.
    """
    certificate, key = client
    cluster = {"server": api_server, "certificate-authority": str(directory.pki / "ca.crt")}
    user = {"client-certificate": str(certificate), "client-key": str(key)}
    file = directory.pki / f"{name}.kubeconfig"
    file.touch(mode=0o600)
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "moka", "cluster": cluster}],
                "users": [{"name": name, "user": user}],
                "contexts": [{"name": "moka", "context": {"cluster": "moka", "user": name}}],
                "current-context": "moka",
            },
            indent=2,
        )
    )
    return file
