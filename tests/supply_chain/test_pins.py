"""Every version, digest and commit that stands in the tree is one that Renovate sees, or has a reason why not."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from components.images.table import OAUTH2_PROXY, PAUSE, PROMETHEUS
from moka_images.pin import pinned
from tests.supply_chain.files import ROOT, files
from tests.supply_chain.pins import Pin, pins
from tests.supply_chain.renovate import CONFIGURATION, Seen, copy_of_the_tree, run, seen

_MARKER = re.compile(r"^\s*# renovate: \S+=", re.MULTILINE)
_CHECKSUM = r"(?:sha256:)?[0-9a-f]{64}"
_OWN_IMAGE = "an image of the project's own, or a digest that python -m moka_images pin or promote says"
_STAND_IN = "stands for what another program or a service would say, and nothing is taken by it"
# Path, literal, and why Renovate has nothing to raise there.
NO_PINS = (
    (r"\.ci/archive|Makefile|releases/\w+\.py", r"v?1\.[012]\.[03]", "an example in a message"),
    (r"components/release\.py", r"\d+\.\d+\.\d+", "the project's own version, which a release raises"),
    (r"pyproject\.toml", r"3\.11", "the oldest Python that will do"),
    (r"components/images/table\.py|stacks/.*|examples/.*", rf"4\.\d\.\d-(?:celeborn-)?\d+|{_CHECKSUM}", _OWN_IMAGE),
    (r"stacks/.*", r"sha256:0{64}", "an example, which a real account refuses"),
    (r"components/spark/settings\.py", r"4\.1\.2\.?", "an example in a description"),
    (
        r"components/monitoring/managed_grafana\.py",
        r"\d+\.\d+",
        "one of a list of Amazon Managed Grafana's own, which no datasource has: aws grafana list-versions",
    ),
    (r"components/monitoring/sources/.*", r".*", "the version that was run to find out what it exports"),
    (r"images/spark/Dockerfile", r"\d{8}T000000Z", "the day of Debian's archive: python -m moka_images refresh"),
    (r"images/(?:spark|team)/.*", _CHECKSUM, "the checksum of a file whose version is seen; given by hand"),
    (r"tests/programs/log4j\.py", _CHECKSUM, "the checksum of a jar whose version is seen; given by hand"),
    (
        r"local_cluster/programs/provider\.py",
        r"4\.25\.0",
        "what the commit in tools/pulumi_kubernetes/go.mod calls itself",
    ),
    (r"local_cluster/aws/command\.py", r"2\.31\.0", _STAND_IN),
    (r"offline/providers/aws/data_sources\.py|offline/checks/aws_rules/cluster\.py", r"v.*-eksbuild\.\d+", _STAND_IN),
    (r"local_cluster/images/oci\.py|local_cluster/nodes/real/network\.py", r"1\.0\.0", "the version of a format"),
    (r"local_cluster/volumes/csi_node\.py|tests/moka_images/registry\.py", r"1\.0\.0", "the version of a format"),
    (r"tests/telemetry(?:_load)?/\w+\.py", r"0\.0\.4", "the version of a format"),
    (r"local_cluster/images/programs/prometheus\.py", r"2\.42\.0", "the oldest of the machine's that will do"),
    (r"tests/live_ui/programs\.py", r"1\.22\.1", "the oldest of the machine's that will do"),
    (r"offline/go_toolchain\.py", r"1\.25\.0", "what a module without a line of its own asks for"),
    (r"doctor/checks/tools\.py", r"2\.7\.0", "the oldest of the machine's that will do"),
    (r"components/sdk\.py", _CHECKSUM, "the digest of a function of the SDK, whose version is seen"),
    (r"policies/areas/.*", r"\d\.\d\.\d+", "a section of the CIS benchmark"),
    (
        r"tests/(?:changes|components|doctor|releases)/.*|tests/drill/values\.py|tests/checks/installed\.py",
        r".*",
        "a value that tests put in",
    ),
    (r"tests/telemetry/pages/.*|tests/offline/files/.*", r".*", "what a program answered once"),
)


def covers(value: str, pin: str) -> bool:
    """Whether a value that Renovate sees is what a pin says; an AMI is seen by its day."""
    plain = value.lstrip("=<>~^ ").removeprefix("v")
    return plain == pin.removeprefix("v") or (len(plain) == len("20260827") and pin.endswith(f"-{plain}"))


def unseen(found: Iterable[Pin], by: Seen) -> Iterator[Pin]:
    """Pins that Renovate does not see, each as often as it stands there.

    Args:
        found: the pins.
        by: what it sees.
    """
    left = {name: by.values(name) for name in by.dependencies}
    for pin in found:
        values = left.get(pin.name, Counter[str]())
        if value := next((each for each, count in values.items() if count and covers(each, pin.text)), None):
            values[value] -= 1
        elif not any(re.fullmatch(path, pin.name) and re.fullmatch(text, pin.text) for path, text, _ in NO_PINS):
            yield pin


def said(found: Iterable[Pin]) -> list[str]:
    return [
        f"{pin}: Renovate does not see it. Write `# renovate: datasource=... depName=...` above it, give "
        f"{CONFIGURATION} a manager that reads it, or write into NO_PINS why it needs none"
        for pin in found
    ]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy without git, so that Renovate sees what was not committed yet."""
    return copy_of_the_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def of_the_tree(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What Renovate sees of it."""
    return seen(tree, tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def found(tree: Path) -> list[Pin]:
    """Every pin of it."""
    return list(pins(tree, (str(path.relative_to(ROOT)) for path in files())))


def test_renovate_takes_the_configuration_and_complains_of_nothing(
    tree: Path, of_the_tree: Seen, tmp_path: Path
) -> None:
    done = run("config-validator", tree, tmp_path, "--strict", "--no-global", str(CONFIGURATION), LOG_LEVEL="info")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "validated successfully" in done.stdout
    assert of_the_tree.problems == ()


def test_the_expressions_are_ones_of_re2() -> None:
    """Renovate runs them by RE2, which knows neither looking around nor references; this machine may lack it."""
    managers = json.loads((ROOT / CONFIGURATION).read_text())["customManagers"]
    expressions = [
        each for manager in managers for key in ("matchStrings", "managerFilePatterns") for each in manager[key]
    ]
    assert [each for each in expressions if re.search(r"\(\?[=!]|\(\?<[=!]|\\[1-9]", each)] == []


def test_renovate_sees_every_pin(found: list[Pin], of_the_tree: Seen) -> None:
    assert len(found) > 3000
    assert said(unseen(found, of_the_tree)) == []


def test_renovate_reads_every_comment_that_was_written_for_it(tree: Path, of_the_tree: Seen) -> None:
    markers = Counter[str]()
    for path in files("*.py", "*Dockerfile"):
        name = str(path.relative_to(ROOT))
        if found := _MARKER.findall((tree / name).read_text()):
            markers[name] = len(found)
    assert markers.total() > 35
    read = {
        name: sum(each.get("replaceString", "").startswith("# renovate:") for each in of_the_tree.dependencies[name])
        for name in markers
    }
    assert read == markers


@pytest.mark.parametrize(
    "comment",
    [
        "# renovate: depName=a/b datasource=docker",
        "# renovate: datasource=docker depName=a/b\n# why",
        "# renovate: datasource=docker depName=a/b versioning=loose",
    ],
)
def test_a_comment_that_renovate_does_not_read_leaves_its_pin_unseen(tree: Path, tmp_path: Path, comment: str) -> None:
    by = seen_beside(tree, tmp_path, "components/new.py", f'{comment}\nA = Image("a/b", "1.2.3")\n')
    assert [pin.text for pin in unseen(pins(tmp_path / "tree", ["components/new.py"]), by)] == ["1.2.3"]


def test_a_version_and_the_digest_beside_it_are_raised_together(tree: Path, tmp_path: Path) -> None:
    name, digest = "components/images/table.py", f"sha256:{'a' * 64}"
    by = seen_beside(tree, tmp_path, name, pinned((tree / name).read_text(), {"PROMETHEUS": digest, "PAUSE": digest}))
    found = {each["depName"]: (each["currentValue"], each.get("currentDigest")) for each in by.dependencies[name]}
    for image in (PROMETHEUS, PAUSE):
        assert found[image.repository] == (image.tag, digest)
    assert found[OAUTH2_PROXY.repository] == (OAUTH2_PROXY.tag, None)


def seen_beside(tree: Path, place: Path, name: str, text: str) -> Seen:
    """What Renovate sees by the tree's configuration of one file."""
    for each in (str(CONFIGURATION), name):
        (place / "tree" / each).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(tree / CONFIGURATION, place / "tree" / CONFIGURATION)
    (place / "tree" / name).write_text(text)
    (place / "scratch").mkdir()
    return seen(place / "tree", place / "scratch")


def test_every_reason_is_needed(found: list[Pin]) -> None:
    for path, text, reason in NO_PINS:
        assert any(re.fullmatch(path, pin.name) and re.fullmatch(text, pin.text) for pin in found), (path, text, reason)


def test_every_manager_that_is_enabled_finds_something(of_the_tree: Seen) -> None:
    enabled = {
        each.removeprefix("custom.") for each in json.loads((ROOT / CONFIGURATION).read_text())["enabledManagers"]
    }
    assert of_the_tree.managers == enabled


def test_every_lock_file_is_read(of_the_tree: Seen) -> None:
    locks = [str(path.relative_to(ROOT)) for path in files("*requirements*.txt", "*package-lock.json")]
    assert len(locks) == 13
    assert [name for name in locks if name not in of_the_tree.dependencies] == []


def test_programs_of_go_are_raised_although_their_modules_count_as_indirect(tree: Path, of_the_tree: Seen) -> None:
    modules = sorted(tree.glob("tools/**/go.mod"))
    assert len(modules) > 20
    for module in modules:
        raised = [
            each["depName"]
            for each in of_the_tree.dependencies[str(module.relative_to(tree))]
            if each.get("enabled") is not False
        ]
        for tool in re.findall(r"^(?:tool |\t)([\w./-]+)$", module.read_text(), re.MULTILINE):
            assert any(f"{tool}/".startswith(f"{name}/") for name in raised), f"{module}: {tool}"


@pytest.mark.parametrize(
    ("name", "text", "pin"),
    [
        ("components/images/new.py", 'NEW = Image("quay.io/a/b", "1.2")\n', "1.2"),
        ("components/new.py", 'CHART = Chart("a", "https://charts.invalid", "v1.2.3")\n', "v1.2.3"),
        ("components/new_version.py", 'AGENT_VERSION = "7.1"\n', "7.1"),
        ("offline/new.py", 'ADDRESS = f"https://releases.invalid/v{1}/a-4.5.6.tgz"\n', "4.5.6"),
        ("local_cluster/new.py", f'_SUM = "{"a" * 64}"\n', "a" * 64),
        ("tests/new/test_new.py", '_VERSION = "v3.2.1"\n', "v3.2.1"),
        ("images/new/install.sh", "apt-get install a=1.2.3-4\n", "1.2.3-4"),
        ("tools/new/values.yaml", "image: quay.io/a/b:9.8.7\n", "9.8.7"),
        (".github/workflows/new.yaml", f"# uses: a/b@v1\nrun: ./get {'b' * 40}\n", "b" * 40),
        ("requirements-new.txt", "a==1.2.3 \\\n    --hash=sha256:" + "c" * 64 + "\n", "1.2.3"),
    ],
    ids=range(10),
)
def test_a_pin_of_which_renovate_knows_nothing_is_named(tmp_path: Path, name: str, text: str, pin: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    (message,) = said(unseen(pins(tmp_path, [name]), Seen({})))
    assert message.startswith(name)
    assert f": {pin}: Renovate does not see it" in message


def test_a_pin_that_is_planted_beside_those_that_renovate_sees_is_named(tree: Path, tmp_path: Path) -> None:
    name = "components/images/table.py"
    # The same version as one that is seen: it has to be counted.
    text = (tree / name).read_text() + 'SECOND = Image("quay.io/prometheus/copy", "v3.13.5")\n'
    (pin,) = unseen(pins(tmp_path / "tree", [name]), seen_beside(tree, tmp_path, name, text))
    assert (pin.line, pin.text) == (len(text.splitlines()), "v3.13.5")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("components/network.py", 'CIDR = "10.0.0.0/16"\nADDRESS = "169.254.170.23"\n'),
        ("components/prose.py", '"""Since 1.2.3 it is so."""\n# 4.5.6 was another.\n'),
        ("tests/test_values.py", 'def test_it() -> None:\n    assert make("1.2.3")\n'),
    ],
)
def test_what_only_looks_like_a_version_is_none(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    assert list(pins(tmp_path, [name])) == []
