"""Lets this machine run programs of the architecture that it does not have, by QEMU; Linux, as root.

The kernel hands such programs to QEMU wherever they lie, containers included, because it opens QEMU when it is told of
it. Where it knows an interpreter already, that one stays. Leaves out speed: a program takes about ten times as long.

Source: Linux, Documentation/admin-guide/binfmt-misc.rst; the magic numbers are those of the ELF header, as QEMU's
scripts/qemu-binfmt-conf.sh has them.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from components.images.image import ARCHITECTURES
from local_cluster.programs.project import Programs, Project, Way
from offline.debian_package import unpack_package
from offline.release_download import this_platform

NATIVE = this_platform()[1]
(FOREIGN,) = set(ARCHITECTURES) - {NATIVE}

# Debian 12's.
_OLDEST = "1:7.2"
_PACKAGE = "qemu-user-static"
# As the kernel and QEMU name the architectures, and e_machine of their programs.
_KERNEL_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
_MACHINES = {"amd64": rb"\x3e\x00", "arm64": rb"\xb7\x00"}
_MAGIC = rb"\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00"
# Of e_ident the system, and of e_type whether it is position-independent, may be either.
_MASK = rb"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
# F: opened now, so that it is there in every container. O, C: hands the program over open, with its credentials.
_FLAGS = b"OCF"
_PLACE = Path("/proc/sys/fs/binfmt_misc")

_PROGRAM = f"qemu-{_KERNEL_NAMES[FOREIGN]}-static"
QEMU = Project(
    "qemu-user",
    (_PROGRAM,),
    [Way("debian", _OLDEST, partial(unpack_package, _PACKAGE, {_PROGRAM: f"usr/bin/{_PROGRAM}"}, _OLDEST))],
)


@contextmanager
def both_architectures(programs: Programs) -> Iterator[None]:
    """Programs of both architectures run while the context lasts.

    Args:
        programs: QEMU among them.

    Raises:
        OSError: when the kernel takes no interpreter.
    """
    if not (_PLACE / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(_PLACE)], check=True)
    name = f"qemu-{_KERNEL_NAMES[FOREIGN]}"
    if (_PLACE / name).exists():
        yield
        return
    interpreter = str(programs[_PROGRAM]).encode()
    line = b":".join([b"", name.encode(), b"M", b"", _MAGIC + _MACHINES[FOREIGN], _MASK, interpreter, _FLAGS])
    (_PLACE / "register").write_bytes(line)
    try:
        yield
    finally:
        (_PLACE / name).write_bytes(b"-1")
