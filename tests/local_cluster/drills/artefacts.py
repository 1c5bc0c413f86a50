"""What a stack's run leaves on this machine and in its cluster, for whoever searches it for secrets."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_cluster.certificates import authority_file, issue
from local_cluster.control_plane.etcd import CLIENT
from local_cluster.launch import way_inside
from local_cluster.nodes.real.namespace import inside
from local_cluster.settings import ports_of
from tests.local_cluster.drills.running_stack import RunningStack
from tests.secrets.planted import MARK

# In the network of the cluster, which etcd listens in: asks its gateway for JSON, with its client's certificate.
# Source: etcd documentation, "gRPC gateway".
_ASK_ETCD = """\
import ssl, sys, urllib.request
url, authority, certificate, key = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
context.load_cert_chain(certificate, key)
asked = urllib.request.Request(url, sys.stdin.buffer.read())
sys.stdout.buffer.write(urllib.request.urlopen(asked, context=context, timeout=60).read())
"""
# Of a node, whose mounts are its own: which files hold which planted values, and whether they lie in memory.
_FIND_ON_NODE = """\
import os, re, sys
from pathlib import Path
mark, *roots = sys.argv[1:]
planted = re.compile(mark.encode() + rb"([A-Za-z0-9]+?)x[0-9a-f]{16}")
memory = set()
for line in Path("/proc/self/mountinfo").read_text().splitlines():
    fields, _, kind = line.partition(" - ")
    if kind.startswith("tmpfs "):
        memory.add(fields.split(" ")[2])
for root in roots:
    for directory, _, names in os.walk(root):
        for file in (Path(directory, name) for name in names):
            try:
                if file.is_symlink() or not file.is_file():
                    continue
                places, device = set(planted.findall(file.read_bytes())), file.stat().st_dev
            except OSError:
                continue
            for place in places:
                print("memory" if f"{os.major(device)}:{os.minor(device)}" in memory else "disk", place.decode(), file)
"""


def files_since(root: Path, moment: float) -> list[Path]:
    """Files below a directory that somebody wrote or made at that moment or later, by a clock that no program sets.

    Older ones, above all images of containers, can't hold what was made after them. What the cluster's own programs
    keep in memory, mounted where only they see it, is not among them.

    Args:
        root: the directory.
        moment: in seconds since 1970.

    Source: inode(7), st_ctime.
    """
    found = list[Path]()
    for each in root.rglob("*"):
        try:
            if each.is_file() and not each.is_symlink() and each.stat().st_ctime >= moment:
                found.append(each)
        except FileNotFoundError:
            # Programs that run put some away at any time.
            continue
    return found


def stored(stack: RunningStack) -> dict[str, bytes]:
    """Everything in etcd, by its key."""
    # From the first byte on, and to the end.
    answer = _etcd(stack, "range", {"key": "\0", "range_end": "\0"})
    return {_bytes(each["key"]).decode(): _bytes(each.get("value", "")) for each in answer["kvs"]}


def store(stack: RunningStack, key: str, value: str) -> None:
    """Put a value into etcd, past the API server."""
    _etcd(stack, "put", {"key": key, "value": value})


def objects(stack: RunningStack) -> Mapping[str, str]:
    """Every object of every kind but Secrets as the API has it, events among them."""
    listed = stack.kubectl("api-resources", "--verbs=list", "--output=name")
    assert listed.returncode == 0, listed.stderr
    kinds = [each for each in listed.stdout.split() if each != "secrets"]
    assert {"events", "events.events.k8s.io", "pods", "configmaps", "nodepools.karpenter.sh"} <= set(kinds)
    words = ("--all-namespaces", "--show-managed-fields", "--output=json", "--ignore-not-found")
    found = dict[str, str]()
    for kind in kinds:
        done = stack.kubectl("get", kind, *words)
        # Some kinds are listed by whoever serves them, and only asked about.
        assert done.returncode == 0, done.stderr
        found[kind] = done.stdout
    return found


@dataclass(frozen=True)
class Kept:
    """A planted value that a real node keeps.

    Args:
        place: where the value was planted.
        file: as the node sees it.
        is_on_disk: whether it outlasts the node's memory.
    """

    place: str
    file: Path
    is_on_disk: bool


def kept_on_nodes(stack: RunningStack, nodes: Iterable[str], roots: Sequence[str]) -> Iterator[Kept]:
    """Planted values, as they are, in files of real nodes.

    Args:
        stack: of the nodes.
        nodes: their names.
        roots: directories of a node.
    """
    for node in nodes:
        found = _inside(stack, [*inside(node), sys.executable, "-c", _FIND_ON_NODE, MARK, *roots])
        for line in found.decode().splitlines():
            kind, place, path = line.split(" ", 2)
            yield Kept(place, Path(path), kind == "disk")


def _etcd(stack: RunningStack, call: str, asked: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    directory = stack.cluster.directory
    certificates = (authority_file(directory), *issue(directory, CLIENT, CLIENT))
    url = f"https://127.0.0.1:{ports_of(directory).etcd}/v3/kv/{call}"
    body = json.dumps({name: base64.b64encode(text.encode()).decode() for name, text in asked.items()})
    return json.loads(_inside(stack, [sys.executable, "-c", _ASK_ETCD, url, *map(str, certificates)], body))


def _inside(stack: RunningStack, command: Sequence[str], given: str = "") -> bytes:
    words = [*way_inside(stack.cluster.directory), *command]
    return subprocess.run(words, check=True, capture_output=True, input=given.encode()).stdout


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
