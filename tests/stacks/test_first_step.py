"""An environment in two runs of the ordinary `pulumi` CLI, with the commands that the page says, and a new zone.

Each command is taken from docs/private-api.md, so that the page can't say another one than what is proven.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack_files import Tree, settings, stack_file
from tests.stacks.deployment import name_of, needs, type_of
from tests.stacks.project_copy import PROJECT

STACK = "production"
PAGE = PROJECT / "docs" / "private-api.md"
COMMANDS = re.findall(r"^(pulumi .*--stack production.*)$", PAGE.read_text(), re.MULTILINE)
GROUND_OUTPUTS = ("release", "vpc_id", "control_plane_subnet_ids", "image_publisher_role_arn")
BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"


class Shell:
    """A shell in which the ordinary CLI works on the offline cloud.

    Args:
        home: where the state lies.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        command = [sys.executable, "-m", "offline", "env", STACK, "--home", str(home)]
        exports = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
        self._exports = exports

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a line; its output, whatever its exit code."""
        script = f"{self._exports}\n{command}"
        environment = {**os.environ, "PULUMI_SKIP_CONFIRMATIONS": "true"}
        return subprocess.run(
            ["bash", "-c", script], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )

    def must(self, command: str) -> str:
        """Run a line that succeeds; returns what it printed."""
        done = self.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def resources(self) -> list[Mapping[str, Any]]:
        """What the state holds."""
        exported = yaml.safe_load(self.must(f"pulumi stack export --stack {STACK}"))
        return exported["deployment"].get("resources", [])

    @contextmanager
    def settings(self) -> Iterator[Tree]:
        """The settings of the stack's file in the session, to be changed in place."""
        file = stack_file(STACK, self.home / STACK / "stacks")
        content = yaml.safe_load(file.read_text())
        yield content["config"]["moka:settings"]
        file.write_text(yaml.safe_dump(content))

    def components(self) -> set[str]:
        """Components of the environment that the state holds something of."""
        chains = [each["urn"].split("::")[2].split("$") for each in self.resources()]
        return {chain[1] for chain in chains if len(chain) > 1}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell on an account in which nothing is made yet."""
    home = tmp_path_factory.mktemp("first-step")
    made = Shell(home)
    yield made
    command = [sys.executable, "-m", "offline", "env", STACK, "--home", str(home), "--stop"]
    subprocess.run(command, cwd=PROJECT, check=True)


@pytest.fixture(scope="module")
def whole(shell: Shell) -> Shell:
    """The same after both runs."""
    first, forget, second = COMMANDS
    shell.must(first)
    assert shell.components() == {"moka:index:Network", "moka:index:ImageRegistry"}
    outputs = yaml.safe_load(shell.must(f"pulumi stack output --stack {STACK} --json"))
    assert {"vpc_id", "control_plane_subnet_ids"} <= outputs.keys() <= {*GROUND_OUTPUTS}
    shell.must(forget)
    made = {each["urn"]: each.get("id") for each in shell.resources()}
    shell.must(second)
    after = {each["urn"]: each.get("id") for each in shell.resources()}
    assert made.items() <= after.items(), "the second run takes everything over"
    return shell


def test_the_first_run_makes_network_and_registry_alone_and_the_second_the_rest(whole: Shell) -> None:
    assert {"moka:index:Network", "moka:index:Cluster", "moka:index:Logging"} <= whole.components()
    whole.must(f"pulumi preview --stack {STACK} --expect-no-changes")


def test_the_first_run_takes_nothing_down_where_the_environment_stands(whole: Shell) -> None:
    """Not even where nobody looks at a preview, which protection would refuse."""
    first, forget, _ = COMMANDS
    before = {each["urn"] for each in whole.resources()}
    try:
        refused = whole.run(f"{first} --yes --skip-preview")
    finally:
        whole.must(forget)
    assert refused.returncode != 0
    assert "must be absent once the environment is made" in refused.stdout + refused.stderr
    assert {each["urn"] for each in whole.resources()} >= before
    whole.must(f"pulumi up --stack {STACK} --yes --skip-preview")
    whole.must(f"pulumi preview --stack {STACK} --expect-no-changes")


def test_the_control_plane_waits_for_every_block_of_the_vpc(whole: Shell) -> None:
    resources = whole.resources()
    blocks = {each["urn"] for each in resources if each["type"] == BLOCK}
    assert len(blocks) == 3
    (cluster,) = [each["urn"] for each in resources if type_of(each["urn"]) == "aws:eks/cluster:Cluster"]
    missing = blocks - needs(resources)[cluster]
    assert not missing, [name_of(urn) for urn in missing]


def test_a_new_zones_network_comes_first_and_its_nodes_later(whole: Shell) -> None:
    """Until the control plane knows the block, no node and no pod is in it; nothing else of it moves."""
    up = COMMANDS[-1]
    former = list(settings(STACK).network.zones)

    def groups() -> dict[str, tuple[str, int]]:
        found = [each for each in whole.resources() if each["type"] == "aws:eks/nodeGroup:NodeGroup"]
        return {name_of(each["urn"]): (each["id"], len(each["inputs"]["subnetIds"])) for each in found}

    before = groups()
    with whole.settings() as tree:
        tree["network"] |= {"control_plane_zones": former}
        tree["network"]["zones"]["us-east-1d"] = "100.75.0.0/16"
        for nodes in (*tree["node_groups"].values(), *tree["node_pools"].values()):
            nodes["zones"] = former
    whole.must(up)
    assert "network-nodes-us-east-1d" in {name_of(each["urn"]) for each in whole.resources() if each["type"] == BLOCK}
    assert groups() == before
    with whole.settings() as tree:
        tree["node_groups"]["system"]["zones"] = None
        tree["node_groups"]["driver-intel-d"] = {**tree["node_groups"]["driver-intel"], "zones": ["us-east-1d"]}
    whole.must(up)
    after = groups()
    assert after["system-nodes"][1] == len(former) + 1
    assert after["driver-intel-nodes"] == before["driver-intel-nodes"]
    assert after["driver-intel-d-nodes"][1] == 1
    whole.must(f"pulumi preview --stack {STACK} --expect-no-changes")
