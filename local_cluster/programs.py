"""The programs that a cluster is made of, and where they come from.

Each project's official release is tried first, checked against the checksum that it publishes. Where it can't be
reached, the programs are built from the modules that `tools/` pins. Either is kept in the user's cache, named by its
version or by what it was built from.

Sources: https://kubernetes.io/releases/download/, and the releases of etcd-io/etcd, kubernetes-sigs/kwok,
coredns/coredns and pulumi/pulumi-kubernetes on GitHub. `python -m local_cluster.programs` makes them.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version as installed_version
from pathlib import Path

from offline.errors import MissingToolError
from offline.go_build import MODULES, GoProgram, build_together, module_source, passing_cache, with_own_sources
from offline.progress import Say, say
from offline.release_download import Release, download, download_program, this_platform
from offline.tool_cache import alone, cache_directory

KUBERNETES_VERSION = "1.35.4"
_ETCD_VERSION = "3.6.15"
_KWOK_VERSION = "0.7.0"
_COREDNS_VERSION = "1.14.0"
# The newest whose sources the module proxy has: a commit after 4.24, from the middle of January 2026.
_PROVIDER_BUILT_VERSION = "4.25.0"
_PROVIDER_MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4"
# It waits for a bound claim to become pending again, five minutes and in vain, whenever one is changed.
# Mended in 4.26: https://github.com/pulumi/pulumi-kubernetes/pull/4181
_PROVIDER_CHANGE = (
    "pkg/await/awaiters.go",
    "return phase == string(corev1.ClaimPending)",
    "return phase == string(corev1.ClaimPending) || phase == string(corev1.ClaimBound)",
)
_PROVIDER_FILES = ("schema.json", "terraform-mapping.json")

_KUBERNETES_RELEASES = "https://dl.k8s.io/release"
_GITHUB = "https://github.com"
_DIGEST = 12

Programs = Mapping[str, Path]
Way = Callable[[Path, Say], None]


@dataclass(frozen=True)
class SourceChange:
    """A fault of a version that is built here, mended as its project did in a later one.

    Args:
        path: import path of the module.
        file: in its sources.
        old: what stands there, once.
        new: what stands there instead.
    """

    path: str
    file: str
    old: str
    new: str

    def apply(self, source: Path) -> None:
        """Change the sources.

        Raises:
            MissingToolError: when they are not those that were meant.
        """
        text = (source / self.file).read_text()
        if text.count(self.old) != 1:
            raise MissingToolError(f"{self.path}: {self.file} does not hold {self.old!r} once, so it can't be mended")
        (source / self.file).write_text(text.replace(self.old, self.new))


@dataclass(frozen=True)
class Project:
    """Programs that are released, or built, together.

    Args:
        name: of the project.
        version: of the release.
        programs: names of the executables.
        release: puts the release's programs into `<place>/bin`.
        built_version: of the module, where its proxy lacks the release's.
        module: what they are built from.
        sources: the module's programs.
        files: paths in a module's sources, by the name that a file gets beside `bin`.
        change: what is mended in the sources before they are built.
    """

    name: str
    version: str
    programs: tuple[str, ...]
    release: Way
    module: Path
    sources: Sequence[GoProgram]
    built_version: str = ""
    files: Callable[[Path, Say], Mapping[str, Path]] = field(default=lambda _cache, _report: {})
    change: SourceChange | None = None

    def at_hand(self) -> Programs | None:
        """The programs, if the cache has them."""
        for place in (self._released, self._built):
            programs = {name: place / "bin" / name for name in self.programs}
            if all(path.is_file() for path in programs.values()):
                return programs
        return None

    def make(self, report: Say) -> Programs:
        """Download or build them.

        Raises:
            MissingToolError: when neither works; the message says what was tried.
        """
        tried = []
        for way in (lambda: self.release(self._released, report), lambda: self._build(report)):
            try:
                way()
            except MissingToolError as error:
                tried.append(str(error))
                continue
            if found := self.at_hand():
                return found
            tried.append(f"{self.name}: {', '.join(self.programs)} are not all in what was downloaded")
        reasons = "\n".join(f"  {reason}" for reason in tried)
        raise MissingToolError(f"{self.name} {self.version} is needed and could not be had:\n{reasons}")

    @property
    def _released(self) -> Path:
        return cache_directory() / f"{self.name}-{self.version}"

    @property
    def _built(self) -> Path:
        digest = hashlib.sha256()
        for file in sorted([*self.module.glob("*.go"), self.module / "go.mod", self.module / "go.sum"]):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        # Two sets of programs can come from one module.
        flags = [each.link_flags for each in self.sources]
        changed = [self.change.new] if self.change else []
        digest.update("\0".join((*self.programs, *flags, *changed)).encode())
        return (
            cache_directory() / f"{self.name}-{self.built_version or self.version}-built-{digest.hexdigest()[:_DIGEST]}"
        )

    def _build(self, report: Say) -> None:
        files = self.files(cache_directory(), report)
        if self.change is None:
            return build_together(self.sources, self._built, report, files=files)
        with tempfile.TemporaryDirectory(dir=cache_directory()) as scratch:
            path = self.change.path
            module, source = with_own_sources(self.module, path, Path(scratch), cache_directory(), report)
            self.change.apply(source)
            changed = [replace(each, module=module) for each in self.sources]
            return build_together(changed, self._built, report, files=files)


def find(projects: Iterable[Project], report: Say) -> dict[str, Path]:
    """Where each program of some projects is.

    Args:
        projects: what is wanted.
        report: where the signs of life of downloads and builds go.

    Raises:
        MissingToolError: when a project's programs can't be had.
    """
    found: dict[str, Path] = {}
    missing = []
    for project in projects:
        if (programs := project.at_hand()) is None:
            missing.append(project)
        else:
            found |= programs
    if missing:
        with alone(f"the programs of {', '.join(each.name for each in missing)}", report), passing_cache():
            for project in missing:
                found |= project.at_hand() or project.make(report)
    return found


def _kubernetes_flags() -> str:
    package, (major, minor, _) = "k8s.io/component-base/version", KUBERNETES_VERSION.split(".")
    values = {"gitVersion": f"v{KUBERNETES_VERSION}", "gitMajor": major, "gitMinor": minor}
    return " ".join(f"-X {package}.{name}={value}" for name, value in values.items())


def _kubernetes_release(programs: Sequence[str]) -> Way:
    def fetch(place: Path, report: Say) -> None:
        system, architecture = this_platform()
        address = f"{_KUBERNETES_RELEASES}/v{KUBERNETES_VERSION}/bin/{system}/{architecture}"
        for name in programs:
            download_program(f"{address}/{name}", f"{address}/{name}.sha256", place / "bin" / name, report)

    return fetch


def _kubernetes(name: str, programs: Sequence[str], duration: str) -> Project:
    flags = _kubernetes_flags()
    module = MODULES / "control_plane"
    sources = [GoProgram(each, module, f"k8s.io/kubernetes/cmd/{each}", flags, duration) for each in programs]
    return Project(name, KUBERNETES_VERSION, tuple(programs), _kubernetes_release(programs), module, sources)


def _etcd_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{_GITHUB}/etcd-io/etcd/releases/download/v{_ETCD_VERSION}"
    folder = f"etcd-v{_ETCD_VERSION}-{system}-{architecture}"
    # Archives for macOS are zip files, which nothing here unpacks: there etcd is built.
    download(Release(address, f"{folder}.tar.gz", "SHA256SUMS", folder), place, report)


def _kwok_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{_GITHUB}/kubernetes-sigs/kwok/releases/download/v{_KWOK_VERSION}/kwok-{system}-{architecture}"
    download_program(address, f"{address}.sha256", place / "bin" / "kwok", report)


def _coredns_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    archive = f"coredns_{_COREDNS_VERSION}_{system}_{architecture}.tgz"
    address = f"{_GITHUB}/coredns/coredns/releases/download/v{_COREDNS_VERSION}"
    download(Release(address, archive, f"{archive}.sha256"), place, report)


def _provider_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    release = installed_version("pulumi-kubernetes")
    address = f"{_GITHUB}/pulumi/pulumi-kubernetes/releases/download/v{release}"
    archive = f"pulumi-resource-kubernetes-v{release}-{system}-{architecture}.tar.gz"
    download(Release(address, archive, f"pulumi-kubernetes_{release}_checksums.txt"), place, report)


def _provider_files(cache: Path, report: Say) -> Mapping[str, Path]:
    """Files that the provider reads, which its module carries and its own build embeds."""
    source = module_source(MODULES / "pulumi_kubernetes", _PROVIDER_MODULE, cache, report)
    return {name: source / "cmd" / "pulumi-resource-kubernetes" / name for name in _PROVIDER_FILES}


CONTROL_PLANE = _kubernetes(
    "kubernetes",
    ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"),
    "about 4 minutes on 2 cores",
)
REAL_NODES = _kubernetes("kubernetes-node", ("kubelet", "kube-proxy"), "about 4 minutes on 2 cores")
ETCD = Project(
    "etcd",
    _ETCD_VERSION,
    ("etcd",),
    _etcd_release,
    MODULES / "etcd",
    [GoProgram("etcd", MODULES / "etcd", "go.etcd.io/etcd/server/v3", duration="about half a minute")],
)
KWOK = Project(
    "kwok",
    _KWOK_VERSION,
    ("kwok",),
    _kwok_release,
    MODULES / "kwok",
    [
        GoProgram(
            "kwok",
            MODULES / "kwok",
            "sigs.k8s.io/kwok/cmd/kwok",
            f"-X sigs.k8s.io/kwok/pkg/consts.Version=v{_KWOK_VERSION}",
            "about 2 minutes on 2 cores",
        )
    ],
)
COREDNS = Project(
    "coredns",
    _COREDNS_VERSION,
    ("coredns",),
    _coredns_release,
    MODULES / "coredns",
    [GoProgram("coredns", MODULES / "coredns", "github.com/coredns/coredns", duration="about 2 minutes on 2 cores")],
)
PROVIDER = Project(
    "pulumi-kubernetes",
    installed_version("pulumi-kubernetes"),
    ("pulumi-resource-kubernetes",),
    _provider_release,
    MODULES / "pulumi_kubernetes",
    [
        GoProgram(
            "pulumi-resource-kubernetes",
            MODULES / "pulumi_kubernetes",
            link_flags=f"-X main.version={_PROVIDER_BUILT_VERSION}",
            duration="about 7 minutes on 2 cores",
        )
    ],
    _PROVIDER_BUILT_VERSION,
    _provider_files,
    SourceChange(_PROVIDER_MODULE, *_PROVIDER_CHANGE),
)

SIMULATED = (CONTROL_PLANE, ETCD, KWOK, PROVIDER)
REAL = (REAL_NODES, COREDNS)


def provider_version(program: Path) -> str:
    """Version of a provider in the cache, by the name of its place."""
    return program.parent.parent.name.removeprefix("pulumi-kubernetes-").split("-built-")[0]


def main() -> None:
    """Make sure that the programs of clusters with simulated nodes are at hand, and say where."""
    try:
        for path in find(SIMULATED, say).values():
            print(path)
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
