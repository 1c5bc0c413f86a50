"""The container runtime of real nodes: containerd, runc, plug-ins for the network, and the tools that those call.

What the machine has is used. What it lacks comes from its own package mirror into the cache, with the libraries that
are missing too; nothing is installed. Leaves out machines without apt: there the programs have to be installed.
"""

import os
import shutil
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from offline.debian_package import download_packages, extract
from offline.errors import MissingToolError
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

# Programs, by the Debian package that brings them.
PACKAGES: Mapping[str, Sequence[str]] = {
    "containerd": ("containerd", "containerd-shim-runc-v2", "ctr"),
    "runc": ("runc",),
    "iptables": ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"),
    "conntrack": ("conntrack",),
    "iproute2": ("ip",),
}
PLUGINS_PACKAGE = "containernetworking-plugins"
PLUGINS = ("ptp", "host-local", "portmap", "loopback")

_CACHED = "container-runtime-debian"
_PLUGIN_PLACES = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))
_SYSTEM = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
# What Debian's alternatives would make of the one program that is all of these.
_XTABLES = "usr/sbin/xtables-nft-multi"


@dataclass(frozen=True)
class Runtime:
    """Where the programs are.

    Args:
        search: directories of programs, for PATH.
        plugins: directory of the network's plug-ins.
        libraries: directory of libraries that the machine lacks, if there are any.
    """

    search: tuple[Path, ...]
    plugins: Path
    libraries: Path | None = None

    def program(self, name: str) -> Path:
        """A program.

        Raises:
            MissingToolError: when it is in no directory.
        """
        found = shutil.which(name, path=self._path)
        if found is None:
            raise MissingToolError(f"{name} is needed for real nodes and is not there")
        return Path(found)

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which the programs find each other."""
        own = {"PATH": self._path}
        if self.libraries is not None:
            own["LD_LIBRARY_PATH"] = str(self.libraries)
            if (extensions := self.libraries / "xtables").is_dir():
                own["XTABLES_LIBDIR"] = str(extensions)
        return own

    @property
    def _path(self) -> str:
        return os.pathsep.join(map(str, self.search))


def find_runtime(report: Say) -> Runtime:
    """The machine's container runtime, or one in the cache.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when something is missing, and there is no apt to bring it; the message names the packages.
    """
    installed = _installed()
    missing = missing_packages(installed)
    if not missing:
        return installed
    place = cache_directory() / _CACHED
    if missing_packages(cached := _cached(place)):
        with alone("the container runtime", report):
            if missing_packages(cached):
                _download(missing, place, report)
    if still := missing_packages(cached):
        raise MissingToolError(f"real nodes need {', '.join(still)}, which the packages of this machine's mirror lack")
    return cached


def missing_packages(runtime: Runtime) -> list[str]:
    """Packages of which a program is not there."""
    path = os.pathsep.join(map(str, runtime.search))
    missing = [
        package
        for package, programs in PACKAGES.items()
        if not all(shutil.which(program, path=path) for program in programs)
    ]
    if not all((runtime.plugins / plugin).exists() for plugin in PLUGINS):
        missing.append(PLUGINS_PACKAGE)
    return missing


def _installed() -> Runtime:
    path = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    search = tuple(dict.fromkeys([*path, *map(Path, _SYSTEM)]))
    place = next((each for each in _PLUGIN_PLACES if (each / PLUGINS[0]).exists()), _PLUGIN_PLACES[0])
    return Runtime(search, place)


def _cached(place: Path) -> Runtime:
    installed = _installed()
    own = place / "root" / "usr" / "lib" / "cni"
    multiarch = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
    plugins = own if own.is_dir() or not installed.plugins.is_dir() else installed.plugins
    return Runtime((place / "bin", *installed.search), plugins, place / "root" / "usr" / "lib" / multiarch)


def _download(packages: Sequence[str], place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=place.parent) as scratch,
        step(f"downloading {', '.join(packages)}", report),
    ):
        made = Path(scratch) / "made"
        root = made / "root"
        root.mkdir(parents=True)
        try:
            archives = download_packages(packages, Path(scratch) / "packages")
        except MissingToolError as error:
            raise MissingToolError(
                f"real nodes need {', '.join(packages)}; install them, or let apt download them here: {error}"
            ) from error
        for archive in archives:
            extract(archive, root)
        _link_programs(root, made / "bin")
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


def _link_programs(root: Path, programs: Path) -> None:
    """One directory of all programs, whichever of a package's directories each lies in."""
    programs.mkdir()
    for directory in ("usr/bin", "usr/sbin", "bin", "sbin"):
        for program in (root / directory).glob("*"):
            link = programs / program.name
            if not link.is_symlink() and not program.is_dir():
                link.symlink_to(Path("..") / "root" / directory / program.name)
    if (root / _XTABLES).exists():
        for name in PACKAGES["iptables"]:
            link = programs / name
            if not link.is_symlink():
                link.symlink_to(Path("..") / "root" / _XTABLES)
