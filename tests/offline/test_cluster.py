"""A cluster that runs hears of the next state before it comes, and of what comes and goes of AWS while it does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from offline.checks.ledger import RefusedError
from offline.engine import OfflineEngine
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from tests.offline.sample import REGION, Sample

PROGRAM = f"""
import pulumi
import pulumi_aws as aws

settings = pulumi.Config()
provider = aws.Provider("aws", region="{REGION}")
on_aws = pulumi.ResourceOptions(provider=provider)
for name in settings.require("topics").split():
    aws.sns.Topic(name, name=name, opts=on_aws)
"""
TOPIC = "aws:sns/topic:Topic"


class Listener:
    """A cluster that writes down what it hears; no object goes to it."""

    endpoint = "https://127.0.0.1:1"
    certificate_authority = ""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def usage(self) -> str:
        return ""

    @contextmanager
    def provider(self) -> Iterator[int]:
        yield 1

    @property
    def expects(self) -> bool:
        """It wants to see everything."""
        return True

    def expect(self, resources: Sequence[Resource], inventory: Inventory) -> None:
        self.heard.append(f"expect {topics(resources)}, there are {topics(inventory.everything)}")

    def follow(self, resource: Resource, inventory: Inventory) -> None:
        if resource.type == TOPIC:
            self.heard.append(f"follow {resource.name} of {topics(inventory.everything)}")

    def forget(self, resource: Resource) -> None:
        if resource.type == TOPIC:
            self.heard.append(f"forget {resource.name}")

    def abandon(self) -> None:
        """Nobody stops these runs."""

    def settle(self, inventory: Inventory) -> None:
        self.heard.append(f"settle {topics(inventory.everything)}")


def topics(resources: Sequence[Resource]) -> str:
    return " ".join(sorted(each.name for each in resources if each.type == TOPIC)) or "none"


@pytest.fixture
def cluster() -> Listener:
    """A cluster."""
    return Listener()


@pytest.fixture
def attached(sample: Sample, tmp_path: Path, cluster: Listener) -> OfflineEngine:
    """An engine with that cluster, and a program that has nothing in it."""
    (sample.root / "__main__.py").write_text(PROGRAM)
    return OfflineEngine(sample.root, tmp_path / "home", cluster=cluster)


def test_an_update_tells_what_will_be_and_what_is_before_anything_changes(
    sample: Sample, attached: OfflineEngine, cluster: Listener
) -> None:
    sample.stack("dev", topics="first")
    attached.up("dev")
    assert cluster.heard == ["expect first, there are none", "follow first of first", "settle first"]
    cluster.heard.clear()
    sample.stack("dev", topics="second")
    attached.up("dev")
    assert cluster.heard[0] == "expect second, there are first"
    assert cluster.heard[1:] == ["follow second of first second", "forget first", "settle second"]


def test_a_preview_tells_nothing(sample: Sample, attached: OfflineEngine, cluster: Listener) -> None:
    sample.stack("dev", topics="first")
    attached.preview("dev")
    assert cluster.heard == []


def test_what_is_refused_is_expected_by_nobody(sample: Sample, attached: OfflineEngine, cluster: Listener) -> None:
    sample.stack("dev", topics="first")
    with (sample.root / "__main__.py").open("a") as program:
        program.write('aws.ec2.Vpc("network", cidr_block="10.0.0.0/8", opts=on_aws)')
    with pytest.raises(RefusedError, match="cidrBlock"):
        attached.up("dev")
    assert cluster.heard == []


def test_changed_settings_reach_the_program(sample: Sample, tmp_path: Path, cluster: Listener) -> None:
    program = PROGRAM.replace('settings.require("topics").split()', 'settings.require_object("settings")["topics"]')
    (sample.root / "__main__.py").write_text(program)
    sample.stack("dev", settings={"topics": ["first"]})
    engine = OfflineEngine(sample.root, tmp_path / "home", cluster=cluster, changes={"topics": ["first", "second"]})
    engine.up("dev")
    assert cluster.heard[0] == "expect first second, there are none"


def test_nothing_is_rehearsed_where_nobody_wants_to_see_it(
    sample: Sample, tmp_path: Path, cluster: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsal costs as much as a preview."""
    sample.stack("dev", topics="first")
    (sample.root / "__main__.py").write_text(PROGRAM)
    monkeypatch.setattr(Listener, "expects", False)
    unseen = OfflineEngine(sample.root, tmp_path / "home", judges=tuple, cluster=cluster)
    unseen.up("dev")
    assert cluster.heard == ["expect none, there are none", "follow first of first", "settle first"]
    unseen.up("dev")
    monkeypatch.setattr(Listener, "expects", True)
    cluster.heard.clear()
    unseen.up("dev")
    assert cluster.heard[0] == "expect first, there are first"
