"""Kubernetes: its control plane and kubectl, and the programs of real nodes.

Source: https://kubernetes.io/releases/download/, which names a checksum beside each program.
"""

from collections.abc import Sequence
from pathlib import Path

from local_cluster.programs.build import Build
from local_cluster.programs.project import Make, Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import download_program, this_platform

# renovate: datasource=go depName=k8s.io/kubernetes
KUBERNETES_VERSION = "1.35.4"
_RELEASES = "https://dl.k8s.io/release"


def _kubernetes_flags() -> str:
    package, (major, minor, _) = "k8s.io/component-base/version", KUBERNETES_VERSION.split(".")
    values = {"gitVersion": f"v{KUBERNETES_VERSION}", "gitMajor": major, "gitMinor": minor}
    return " ".join(f"-X {package}.{name}={value}" for name, value in values.items())


def _kubernetes_release(programs: Sequence[str]) -> Make:
    def fetch(place: Path, report: Say) -> None:
        system, architecture = this_platform()
        address = f"{_RELEASES}/v{KUBERNETES_VERSION}/bin/{system}/{architecture}"
        for name in programs:
            download_program(f"{address}/{name}", f"{address}/{name}.sha256", place / "bin" / name, report)

    return fetch


def _kubernetes(name: str, programs: Sequence[str], duration: str) -> Project:
    flags = _kubernetes_flags()
    module = MODULES / "control_plane"
    sources = [GoProgram(each, module, f"k8s.io/kubernetes/cmd/{each}", flags, duration) for each in programs]
    release = released(KUBERNETES_VERSION, _kubernetes_release(programs))
    return Project(name, tuple(programs), [release, Build(KUBERNETES_VERSION, sources).way()])


CONTROL_PLANE = _kubernetes(
    "kubernetes",
    ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"),
    "about 5 minutes on 2 cores",
)
REAL_NODES = _kubernetes("kubernetes-node", ("kubelet", "kube-proxy"), "about half a minute after the control plane")
