"""The Kubernetes API server, with what of Amazon EKS's settings a stack can feel."""

from collections.abc import Sequence
from pathlib import Path

from local_cluster.certificates import SERVICE_ACCOUNTS, authority_file, issue, key_file
from local_cluster.control_plane.etcd import CLIENT
from local_cluster.directory import ClusterDirectory
from local_cluster.network import API_SERVER_SERVICE, BRIDGE, LOOPBACK, SERVICE_RANGE, Ports
from local_cluster.process import Process
from local_cluster.waiting import answers

# What Amazon EKS calls its own clients is not to be had; this is the one that sets the cluster up.
ADMINISTRATORS = "system:masters"
NAMES = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")


def administrator(directory: ClusterDirectory) -> tuple[Path, Path]:
    """Certificate and key of the client that acts for AWS in the cluster: it makes nodes, volumes and add-ons."""
    return issue(directory, "administrator", "eks:cluster-bootstrap", [ADMINISTRATORS])


def api_server(
    program: Path,
    directory: ClusterDirectory,
    ports: Ports,
    authentication: Path | None = None,
    encryption: Path | None = None,
    *,
    address: str = LOOPBACK,
) -> Process:
    """The process.

    Args:
        program: the executable.
        directory: the cluster's.
        ports: where it and etcd listen.
        authentication: configuration of the webhook that knows whose a token of `aws eks get-token` is.
        encryption: configuration of how it encrypts what it stores.
        address: where nodes and pods reach it.

    Sources: Kubernetes documentation, "kube-apiserver"; Amazon EKS user guide, "Kubernetes admission controllers" of
    "View Amazon EKS platform versions", all of which but NodeRestriction and PodSecurityPolicy's successor are on by
    default.
    """
    names = ("localhost", LOOPBACK, *NAMES, API_SERVER_SERVICE, BRIDGE)
    certificate, key = issue(directory, "api-server", "kube-apiserver", hosts=names)
    etcd_certificate, etcd_key = issue(directory, CLIENT, CLIENT)
    kubelet_certificate, kubelet_key = issue(directory, "api-server-kubelet-client", "kube-apiserver", [ADMINISTRATORS])
    authority = str(authority_file(directory))
    options = {
        "etcd-servers": f"https://{LOOPBACK}:{ports.etcd}",
        "etcd-cafile": authority,
        "etcd-certfile": str(etcd_certificate),
        "etcd-keyfile": str(etcd_key),
        "bind-address": LOOPBACK if address == LOOPBACK else "0.0.0.0",
        "secure-port": str(ports.api_server),
        "tls-cert-file": str(certificate),
        "tls-private-key-file": str(key),
        "client-ca-file": authority,
        "kubelet-certificate-authority": authority,
        "kubelet-client-certificate": str(kubelet_certificate),
        "kubelet-client-key": str(kubelet_key),
        "authorization-mode": "Node,RBAC",
        "service-account-key-file": str(key_file(directory, SERVICE_ACCOUNTS)),
        "service-account-signing-key-file": str(key_file(directory, SERVICE_ACCOUNTS)),
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-cluster-ip-range": SERVICE_RANGE,
        # Services lead to pods: their own addresses are nobody's where no kube-proxy runs. That Amazon EKS does so was
        # not to be verified.
        "enable-aggregator-routing": "true",
        "allow-privileged": "true",
        "enable-admission-plugins": "NodeRestriction",
        "profiling": "false",
    }
    if authentication is not None:
        options |= {
            "authentication-token-webhook-config-file": str(authentication),
            "authentication-token-webhook-version": "v1",
            "authentication-token-webhook-cache-ttl": "5s",
        }
    if encryption is not None:
        options["encryption-provider-config"] = str(encryption)
    if address != LOOPBACK:
        # A node's name is in no DNS that the API server asks.
        options |= {"advertise-address": address, "kubelet-preferred-address-types": "InternalIP"}
    return Process("kube-apiserver", _command(program, options), lambda: is_ready(directory, ports))


def is_ready(directory: ClusterDirectory, ports: Ports) -> bool:
    """Whether the API server answers and is ready."""
    url = f"https://{LOOPBACK}:{ports.api_server}/readyz"
    return answers(url, authority_file(directory), administrator(directory))


def _command(program: Path, options: dict[str, str]) -> Sequence[str]:
    return [str(program), *(f"--{name}={value}" for name, value in options.items())]
