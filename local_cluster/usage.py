"""How a person uses a cluster that runs, and what of it is not as on the stack's account."""

from collections.abc import Iterator

from components.cluster.kubernetes_version import minor_version
from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.people import write_kubeconfig
from local_cluster.programs.kubernetes import KUBERNETES_VERSION
from local_cluster.programs.provider import PROVIDER


def usage(cluster: LocalCluster) -> str:
    """What to type, in lines; writes the kubeconfig that they name."""
    directory, deployment = cluster.directory, DeploymentFile(cluster.directory.deployment).latest()
    contexts = write_kubeconfig(cluster)
    nodes = cluster.api.listed("Node")
    real = {each["metadata"]["name"] for each in nodes if is_real(each)}
    lines = [
        f"The cluster of {directory.stack} runs at {cluster.endpoint}: {len(nodes) - len(real)} simulated "
        f"nodes and {len(real)} real ones.",
        f"  {exports(directory)}",
        "  kubectl get pods -A",
        "Roles with access, each a context of its own (kubectl --context NAME ...): "
        + (", ".join(contexts[1:]) or "none yet"),
        *(_containers(cluster, real) if real else ()),
        *_differences(deployment),
        f"It runs until `make cluster-stop STACK={directory.stack}`; `make cluster` goes on from there.",
    ]
    return "\n".join(lines)


def _containers(cluster: LocalCluster, real: set[str]) -> Iterator[str]:
    """Which pods run on real nodes, which are simulated, and which are on no node."""
    found: dict[str, list[str]] = {"Pods whose containers run": [], "Pods that are simulated": []}
    running, simulated = found
    for pod in cluster.api.listed("Pod"):
        metadata, node = pod["metadata"], pod["spec"].get("nodeName")
        where = "Pods that wait for a node" if not node else running if node in real else simulated
        found.setdefault(where, []).append(f"{metadata['namespace']}/{metadata['name']}")
    for where, names in found.items():
        yield f"{where}: {', '.join(sorted(names)) or 'none'}"


def exports(directory: ClusterDirectory) -> str:
    """A line for a shell, after which its `kubectl` means this cluster."""
    return f'export KUBECONFIG="{directory.kubeconfig}" PATH="{directory.programs}:$PATH"'


def _differences(deployment: Deployment) -> Iterator[str]:
    """What is of another version than on the stack's account, in sentences."""
    provider_here, provider_there = PROVIDER.version_at_hand(), PROVIDER.version
    if provider_here != provider_there:
        yield f"Pulumi's Kubernetes provider is {provider_here} here, and {provider_there} elsewhere."
    wanted = str(deployment.cluster.inputs.get("version", "")) if deployment.cluster else ""
    if wanted and minor_version(wanted) != minor_version(KUBERNETES_VERSION):
        yield f"Kubernetes is {KUBERNETES_VERSION} here, and the stack's cluster {wanted}."
