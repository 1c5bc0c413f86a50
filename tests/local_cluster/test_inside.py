"""Commands in a cluster's own network: with AWS's credentials, and refused with a reason where there is none."""

import configparser
import json
import subprocess
from pathlib import Path

import pytest

from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.inside import aws_environment, run_inside
from local_cluster.settings import choose_real_nodes
from offline.progress import silent


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """Of a cluster that never ran, at a place with a space in its name."""
    made = ClusterDirectory(tmp_path / "a place" / "cluster", "dev")
    made.make()
    return made


def test_sdks_get_the_region_the_authority_and_the_deployers_credentials(directory: ClusterDirectory) -> None:
    arn = "arn:aws:sns:eu-west-1:222222222222:alerts"
    topic = {"urn": "urn:pulumi:dev::moka::aws:sns/topic:Topic::alerts", "custom": True, "type": "aws:sns/topic:Topic"}
    resources = [{**topic, "id": arn, "inputs": {}, "outputs": {"arn": arn}}]
    directory.deployment.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    (directory.aws / "deployer.json").write_text('{"AccessKeyId": "AKIA"}')
    variables = aws_environment(directory)
    assert Path(variables["AWS_CA_BUNDLE"]) == directory.pki / "ca.crt"
    configuration = configparser.ConfigParser()
    configuration.read(variables["AWS_CONFIG_FILE"])
    profile = configuration[f"profile {variables['AWS_PROFILE']}"]
    assert profile["region"] == "eu-west-1"
    done = subprocess.run(["sh", "-c", profile["credential_process"]], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"AccessKeyId": "AKIA"}
    assert Path(variables["AWS_CONFIG_FILE"]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("real_nodes", [0, 3])
def test_without_a_network_it_is_said_how_to_get_one(directory: ClusterDirectory, real_nodes: int) -> None:
    choose_real_nodes(directory, real_nodes)
    with pytest.raises(ClusterError, match="make cluster STACK=dev NODES=real"):
        run_inside(LocalCluster(directory, silent), ["true"])


def test_a_command_is_needed(directory: ClusterDirectory) -> None:
    with pytest.raises(ClusterError, match="python -m local_cluster exec dev"):
        run_inside(LocalCluster(directory, silent), [])
