"""What pods of real nodes reach: the pod identity agent, and AWS."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import yaml

from components.regions import SERVED
from local_cluster.aws.agent import PodIdentityAgent
from local_cluster.aws.backends import MotoHandler
from local_cluster.aws.credentials import Credentials
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.front import Front
from local_cluster.aws.token_review import ApiServerReviewer, Reviewer
from local_cluster.aws.tokens import Tokens
from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory
from local_cluster.server import Server


@dataclass(frozen=True)
class Pods:
    """The two servers."""

    front: Front
    aws: Server
    agent: Server

    def follow(self) -> None:
        """Keep in step with the deployment."""
        self.front.follow()

    def stop(self) -> None:
        """End."""
        self.agent.stop()
        self.aws.stop()
        self.front.close()


def serve_pods(directory: ClusterDirectory, file: DeploymentFile, given: argparse.Namespace) -> Pods:
    """Serve pods at the addresses and ports of the command line."""
    server = given.api_server or _server(directory.kubeconfig)
    tokens = Tokens(directory)

    def deployer() -> str:
        cluster = file.latest().cluster
        return tokens.mint(cluster.identifier if cluster else "")[0]

    reviewer = ApiServerReviewer(server, directory.pki / "ca.crt", deployer)
    pods = start_pods(
        directory,
        file,
        reviewer,
        aws=(given.bridge, given.front_port),
        agent=(given.agent_address, given.agent_port),
    )
    print(f"aws: https://{given.bridge}:{pods.aws.port}", flush=True)
    print(f"pod identity agent: http://{given.agent_address}:{pods.agent.port}", flush=True)
    return pods


def start_pods(
    directory: ClusterDirectory,
    file: DeploymentFile,
    reviewer: Reviewer,
    *,
    aws: tuple[str, int],
    agent: tuple[str, int],
) -> Pods:
    """Start both servers.

    Args:
        directory: of the cluster.
        file: the stack's deployment.
        reviewer: tells whose token it is.
        aws: address and port of AWS.
        agent: address and port of the pod identity agent.
    """
    credentials = Credentials(directory.aws / "credentials.json")
    front = Front(directory, file, credentials)
    front.follow()
    certificate = issue(directory, "aws", "aws", hosts=aws_hosts())
    served = Server(front, *aws, certificate, MotoHandler)
    try:
        return Pods(front, served, Server(PodIdentityAgent(file, credentials, reviewer), *agent))
    except OSError:
        served.stop()
        raise


def aws_hosts() -> list[str]:
    """Every host name of AWS that a program may ask for, as a certificate holds them."""
    found = ["*.amazonaws.com", "*.s3.amazonaws.com"]
    for region in SERVED.values():
        name = f"{region.name}.{region.partition.dns_suffix}"
        found += [f"*.{name}", f"*.s3.{name}", f"*.s3.dualstack.{name}", f"*.{region.name}.api.aws"]
    return found


def _server(kubeconfig: Path) -> str:
    if not kubeconfig.is_file():
        raise ValueError(f"{kubeconfig} does not exist and --api-server is not given")
    return yaml.safe_load(kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
