"""What a pod finds of its service account, and a kubeconfig that says the same for programs outside a pod."""

from pathlib import Path

import yaml

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN = "token-of-a-service-account"


def write_service_account(directory: Path, *, api: str, authority: bytes) -> Path:
    """Write `token`, `ca.crt` and `kubeconfig`.

    Args:
        directory: for the files; made where it isn't there.
        api: host and port of the API server.
        authority: certificate of who signed the API server's.

    Returns:
        The directory.
    """
    directory.mkdir(exist_ok=True, parents=True)
    (directory / "token").write_text(TOKEN)
    (directory / "ca.crt").write_bytes(authority)
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "here", "cluster": {"server": f"https://{api}", "certificate-authority": "ca.crt"}}],
        "users": [{"name": "pod", "user": {"tokenFile": str(directory / "token")}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "pod"}}],
        "current-context": "here",
    }
    (directory / "kubeconfig").write_text(yaml.safe_dump(kubeconfig))
    return directory
