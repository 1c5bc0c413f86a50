"""Commands in the network of a cluster with real nodes, where services and AWS answer at their own names.

They see this machine's files and have the AWS credentials of whoever brought the stack up.
"""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local_cluster.aws.deployer import FILE
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.certificates import authority_file
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.launch import way_inside
from local_cluster.private_file import write_private

_PROFILE = "moka-local-cluster"


def aws_environment(directory: ClusterDirectory) -> dict[str, str]:
    """Variables with which SDKs and the AWS CLI trust the cluster's AWS and have credentials for it.

    Args:
        directory: of the cluster.

    Source: AWS SDKs and tools reference guide, "Process credential provider" and "General configuration".
    """
    region = DeploymentFile(directory.deployment).latest().region
    credentials = f"cat {shlex.quote(str(directory.aws / FILE))}"
    file = directory.aws / "config"
    write_private(file, f"[profile {_PROFILE}]\nregion = {region}\ncredential_process = {credentials}\n")
    return {
        "AWS_CA_BUNDLE": str(authority_file(directory)),
        "AWS_CONFIG_FILE": str(file),
        "AWS_PROFILE": _PROFILE,
    }


def run_inside(cluster: LocalCluster, words: Sequence[str]) -> int:
    """Run a command; returns its exit code.

    Raises:
        ClusterError: when there is no such network, or no command.
    """
    stack = cluster.directory.stack
    if not words:
        raise ClusterError(f"No command was given: python -m local_cluster exec {stack} curl http://...")
    if not cluster.real_nodes or not cluster.is_running:
        raise ClusterError(
            f"The cluster of {stack} has no network of its own, because it has no real nodes or does not run: "
            f"make cluster STACK={stack} NODES=real"
        )
    variables = {**os.environ, **aws_environment(cluster.directory)}
    # Entering a file system leaves the directory that one was in.
    here = ["env", f"--chdir={Path.cwd()}"]
    return subprocess.run([*way_inside(cluster.directory), *here, *words], env=variables, check=False).returncode
