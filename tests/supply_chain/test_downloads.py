"""What is downloaded is checked against a checksum or a signature before anything reads it."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pytest

from tests.supply_chain.files import ROOT, files

# Where addresses are opened outside of tests, and what makes that safe. Whatever downloads else goes through the first.
OPENERS = {
    "offline/release_download.py": "every file by SHA-256",
    "images/team/jars.py": "every jar by SHA-256",
    "local_cluster/images/registry.py": "everything below an image's index by the digest that names it",
    "local_cluster/aws/token_review.py": "asks the API server of this machine",
    "local_cluster/spark/traces.py": "asks a server of the cluster",
    "local_cluster/waiting.py": "asks whether a server of this machine answers",
}
# Programs whose releases are checked against the checksums that are published beside them, which whoever replaced a
# release could replace too. docs/supply-chain.md says who wants more, and why these have no checksum here.
RELEASES = {
    "local_cluster/images/programs/collector.py",
    "local_cluster/images/programs/prometheus.py",
    "local_cluster/programs/coredns.py",
    "local_cluster/programs/crane.py",
    "local_cluster/programs/etcd.py",
    "local_cluster/programs/kubernetes.py",
    "local_cluster/programs/kwok.py",
    "local_cluster/programs/provider.py",
    "offline/cli_download.py",
}
_OPENS = {"urlopen", "urlretrieve", "get", "post", "request"}
_FROM_RELEASE = {"download", "download_program"}
_SHELL = r"(?:sudo\s+(?:-\S+\s+)*)?(?:/\S*/)?(?:ba|z|da|k)?sh\b|python3?\b"
_RUN_UNSEEN = re.compile(
    rf"(?:curl|wget)\b[^\n|;]*(?:\\\n[^\n|;]*)*\|\s*(?:{_SHELL})(?!\s+-m\s+json\.tool)"
    r"|(?:sh|eval|source|\.)\s+(?:-\S+\s+)*[\"']?[$<]\((?:curl|wget)\b"
)
# Options with which apt and debootstrap take what nobody signed.
_UNSIGNED = re.compile(
    r"--allow-unauthenticated|--no-check-gpg|AllowUnauthenticated|AllowInsecure|trusted[=:]\s*yes", re.I
)


def calls(path: Path, modules: Collection[str], names: Collection[str]) -> bool:
    """Whether a module calls one of some functions, by `module.name` or as it imported it."""
    text = path.read_text()
    if not any(module in text for module in modules):
        return False
    tree = ast.parse(text)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "") in modules
        for alias in node.names
        if alias.name in names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in imported or any(called == f"{module}.{name}" for module in modules for name in names):
                return True
    return False


def opens(path: Path) -> bool:
    return calls(path, ("urllib.request", "requests", "httpx"), _OPENS)


def undigested(dockerfile: str) -> Iterator[str]:
    """What a Dockerfile takes without a digest or a checksum."""
    joined = dockerfile.replace("\\\n", " ")
    arguments = dict(re.findall(r"^ARG (\w+)=\"?([^\"\n]*)\"?$", joined, re.MULTILINE))
    given = set(re.findall(r"^ARG (\w+)$", joined, re.MULTILINE))
    stages = set(re.findall(r"^FROM .* AS (\S+)$", joined, re.MULTILINE))
    for image in re.findall(r"^FROM (?:--\S+ )*(\S+)", joined, re.MULTILINE):
        name = re.sub(r"^\$\{(\w+)\}$", lambda found: arguments.get(found[1], found[0]), image)
        # Whoever builds gives it, by digest.
        if name not in stages and name.strip("${}") not in given and not re.search(r"@sha256:[0-9a-f]{64}$", name):
            yield f"FROM {name} can move: name its digest"
    for options, source in re.findall(r"^ADD ((?:--\S+ )*)\s*(\S+)", joined, re.MULTILINE):
        address = re.sub(r"\$\{(\w+)\}", lambda found: arguments.get(found[1], found[0]), source)
        if "://" in address and not re.search(r"--checksum=sha256:(?:[0-9a-f]{64}|\$\{\w+\})", options):
            yield f"ADD {address} has no --checksum=sha256:"
    if found := re.search(r"\b(curl|wget)\b", re.sub(r"^#.*$", "", joined, flags=re.MULTILINE)):
        yield f"{found[1]} downloads what ADD --checksum would check"


def python() -> list[Path]:
    return [path for path in files("*.py") if not path.is_relative_to(ROOT / "tests")]


def names(paths: Iterable[Path]) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in paths}


def test_addresses_are_opened_where_what_comes_is_checked() -> None:
    assert names(path for path in python() if opens(path)) == set(OPENERS)


def test_no_more_programs_rest_on_checksums_that_lie_beside_them() -> None:
    found = [path for path in python() if calls(path, ("offline.release_download",), _FROM_RELEASE)]
    assert names(found) == RELEASES
    assert not [path for path in found if "http://" in path.read_text()]


def test_tests_download_by_checksum() -> None:
    found = [path for path in files("tests/*.py") if calls(path, ("offline.release_download",), _FROM_RELEASE)]
    assert names(found) == set()


@pytest.mark.parametrize("path", sorted(files("*Dockerfile")), ids=lambda path: path.parent.name)
def test_images_are_made_from_what_has_a_digest(path: Path) -> None:
    assert list(undigested(path.read_text())) == []


def test_nothing_that_was_downloaded_runs_unseen_and_nothing_unsigned_is_installed() -> None:
    texts = {path: path.read_bytes().decode(errors="replace") for path in files()}
    assert names(path for path, text in texts.items() if _RUN_UNSEEN.search(text)) == set()
    assert names(path for path, text in texts.items() if _UNSIGNED.search(text)) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request\nurllib.request.urlopen('https://a').read()",
        "from urllib.request import urlretrieve as fetch\nfetch('https://a', 'b')",
        "import requests\nrequests.get('https://a')",
    ],
)
def test_a_module_that_opens_an_address_is_found(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    assert opens(tmp_path / "module.py")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("FROM debian:trixie", 1),
        ("ARG DEBIAN=debian:trixie\nFROM ${DEBIAN} AS base\nFROM base", 1),
        ("ARG BASE\nFROM ${BASE} AS parts\nFROM parts", 0),
        (f"FROM debian:trixie@sha256:{'0' * 64} AS base\nFROM --platform=linux/amd64 base", 0),
        ("ADD https://example.com/a.jar /jars/", 1),
        ("ARG MAVEN=https://example.com\nADD --chmod=644 \\\n    ${MAVEN}/a.jar /jars/", 1),
        (f"ADD --checksum=sha256:{'0' * 64} \\\n    https://example.com/a.jar \\\n    /jars/", 0),
        ("ADD entrypoint.sh /opt/", 0),
        ("RUN curl --remote-name https://example.com/a.jar", 1),
    ],
)
def test_what_an_image_takes_unchecked_is_found(lines: str, found: int) -> None:
    assert len(list(undigested(f"{lines}\n"))) == found


@pytest.mark.parametrize(
    ("line", "unseen"),
    [
        ("curl -fsSL https://get.example.com | sh", True),
        ("curl -fsSL https://get.example.com | sudo -E bash -s -- --yes", True),
        ("wget -qO- https://example.com/setup.py | python3", True),
        ("curl -fsSL \\\n  https://get.example.com | sh", True),
        ('sh -c "$(curl -fsSL https://get.example.com)"', True),
        ("source <(curl -s https://example.com/env)", True),
        ("curl -sf localhost:9080/ws/v1/queues | python3 -m json.tool", False),
        ("curl -s localhost:9090/api/v1/query | jq .data", False),
    ],
)
def test_a_download_that_runs_unseen_is_found(line: str, unseen: bool) -> None:
    assert bool(_RUN_UNSEEN.search(line)) == unseen


@pytest.mark.parametrize("line", ["apt-get install --allow-unauthenticated x", "deb [trusted=yes] http://a b main"])
def test_an_installation_of_what_nobody_signed_is_found(line: str) -> None:
    assert _UNSIGNED.search(line)
