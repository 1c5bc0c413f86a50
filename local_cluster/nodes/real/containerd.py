"""containerd of a node, with a socket and a state of its own, and what its containers trust.

No manifest names the cluster's authority, so containers get it from the runtime: a bundle over the file in which
programs look for authorities, a truststore over Java's, and two variables for programs that bring authorities along.

Source: containerd 1.6 documentation, "CRI Plugin Config Guide", base_runtime_spec.
"""

import json
import ssl
import subprocess
from pathlib import Path
from typing import Any

import grpc

from images.spark.truststore import java_truststore
from local_cluster.certificates import authority_file
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.namespace import inside, root_of
from local_cluster.nodes.real.network import Cni
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.nodes.real.site import RealNode, Site
from local_cluster.process import Process

# In the node's own /run.
SOCKET = "/run/containerd/containerd.sock"
_ANSWER_SECONDS = 2.0
PAUSE = "registry.k8s.io/pause:3.10"
IMAGES = "k8s.io"

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# Where images of one family or the other keep what their programs trust, by the file that goes over it.
TRUSTED = {
    BUNDLE: "authorities.pem",
    "/etc/pki/tls/certs/ca-bundle.crt": "authorities.pem",
    # Fluent Bit looks there before it takes the directory for one of single certificates (src/tls/openssl.c).
    "/etc/ssl/certs/ca-bundle.crt": "authorities.pem",
    "/etc/ssl/certs/java/cacerts": "authorities.jks",
    "/etc/pki/ca-trust/extracted/java/cacerts": "authorities.jks",
}
# OpenSSL, Go and curl read the first; botocore, which has authorities of its own, the second.
VARIABLES = ("SSL_CERT_FILE", "AWS_CA_BUNDLE")


def containerd(site: Site, node: RealNode) -> Process:
    """The process."""
    place, runtime = site.place(node), site.runtime
    (place / "cni").mkdir(parents=True, exist_ok=True)
    (place / "cni" / "10-moka.conflist").write_text(json.dumps(Cni(site.network, node.number).document(), indent=2))
    write_trust(site.directory, place)
    (place / "runtime-spec.json").write_text(json.dumps(container_defaults(_default_spec(runtime), place), indent=2))
    (place / "containerd.toml").write_text(configuration(place, runtime))
    return Process(
        f"containerd-{node.name}",
        [*inside(node.name), str(runtime.program("containerd")), "--config", str(place / "containerd.toml")],
        lambda: _serves_kubelets(node.name),
        runtime.environment,
    )


def _serves_kubelets(name: str) -> bool:
    """Whether containers can be asked for: it answers its own client before, while it looks at what it had.

    Source: cri-api, RuntimeService, Version.
    """
    with grpc.insecure_channel(f"unix://{root_of(name)}{SOCKET}") as channel:
        try:
            channel.unary_unary("/runtime.v1.RuntimeService/Version")(b"", timeout=_ANSWER_SECONDS)
        except grpc.RpcError:
            return False
    return True


def ctr(name: str, runtime: Runtime, *arguments: str) -> list[str]:
    """A command of containerd's client, for the images of a node."""
    return [*inside(name), str(runtime.program("ctr")), "--address", SOCKET, "--namespace", IMAGES, *arguments]


def configuration(place: Path, runtime: Runtime) -> str:
    """The configuration's text.

    Args:
        place: the node's directory.
        runtime: where the programs are.
    """
    return f"""\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "{SOCKET}"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  # Some machines refuse a lower score than one's own, and runc dies of that.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    base_runtime_spec = "{place / "runtime-spec.json"}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "{runtime.program("runc")}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{runtime.plugins}"
    conf_dir = "{place / "cni"}"
"""


def container_defaults(spec: dict[str, Any], place: Path) -> dict[str, Any]:
    """What every container starts from: containerd's own defaults, and the cluster's authority.

    Args:
        spec: containerd's defaults.
        place: the node's directory.
    """
    mounts = [
        {"destination": path, "type": "bind", "source": str(place / file), "options": ["rbind", "ro"]}
        for path, file in TRUSTED.items()
    ]
    process = {**spec["process"], "env": [f"{name}={BUNDLE}" for name in VARIABLES]}
    # Limits of a shell that nobody sits at; containerd's own go on.
    process.pop("rlimits", None)
    return {**spec, "process": process, "mounts": [*spec["mounts"], *mounts]}


def write_trust(directory: ClusterDirectory, place: Path) -> None:
    """Write what containers trust: what this machine does, and the cluster's authority."""
    bundle = "".join(_machine_authorities()) + authority_file(directory).read_text()
    (place / "authorities.pem").write_text(bundle)
    (place / "authorities.jks").write_bytes(java_truststore(bundle))
    for file in ("authorities.pem", "authorities.jks"):
        (place / file).chmod(0o644)


def _machine_authorities() -> list[str]:
    context = ssl.create_default_context()
    return [ssl.DER_cert_to_PEM_cert(der) for der in context.get_ca_certs(binary_form=True)]


def _default_spec(runtime: Runtime) -> dict[str, Any]:
    command = [str(runtime.program("ctr")), "oci", "spec"]
    environment = runtime.environment
    return json.loads(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)
