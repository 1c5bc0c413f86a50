"""A few commands of the `aws` CLI on the emulated account: what README asks for, and what others do to an environment.

`python -m offline aws dev logs delete-log-group --log-group-name NAME` does offline what the same words after `aws` do
on a real account.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from offline.errors import OfflineError
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.memory import CLUSTER, LOG_GROUP, Memory

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


class AwsCommandError(OfflineError):
    """The emulated account answers a command with an error."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise AwsCommandError(f"aws: {message}")


def carry_out(words: Sequence[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    """Carry out a command; returns what became of it.

    Args:
        words: what follows `aws`.
        memory: the account's, which is changed and not saved.
        deployment: of the stack, whose own resources no command deletes.

    Raises:
        AwsCommandError: for a command that is not among the known, and where AWS would refuse.
    """
    command = _COMMANDS.get(" ".join(words[:2]))
    if command is None:
        raise AwsCommandError(
            f"aws {' '.join(words[:2])}: the emulated account knows no such command; it knows: {', '.join(_COMMANDS)}"
        )
    return command(list(words[2:]), memory, deployment)


def _delete_log_group(options: list[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    identifier = _options(options, "--log-group-name")["log_group_name"]
    owned = [each["urn"] for each in _owned(deployment, LOG_GROUP) if each.get("id") == identifier]
    if owned:
        raise AwsCommandError(f"{identifier} belongs to the stack: {owned[0]}. Destroy the stack instead")
    if not memory.forget(LOG_GROUP, identifier):
        raise AwsCommandError(f"{identifier}: AWS answers ResourceNotFoundException")
    return f"{identifier} is deleted"


def _upgrade_control_plane(options: list[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    """What Amazon EKS does by itself at the end of standard support, and anybody may: one minor version up."""
    given = _options(options, "--name", "--kubernetes-version")
    name, wanted = given["name"], given["kubernetes_version"]
    running = Inventory.of(deployment, memory=memory).control_planes().get(name)
    if running is None:
        raise AwsCommandError(f"{name}: AWS answers ResourceNotFoundException")
    major, _, minor = running.partition(".")
    if wanted != f"{major}.{int(minor) + 1}":
        raise AwsCommandError(
            f"{name}: AWS answers InvalidParameterException: unsupported Kubernetes minor version update from "
            f"{running} to {wanted}"
        )
    memory.upgraded_control_planes[name] = wanted
    return f"{name} runs at {wanted}"


def _delete_node_group(options: list[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    given = _options(options, "--cluster-name", "--nodegroup-name")
    cluster, name = given["cluster_name"], given["nodegroup_name"]
    standing = [each for each in _standing(deployment, memory, NODE_GROUP) if each["id"] == f"{cluster}:{name}"]
    if not standing:
        raise AwsCommandError(f"{name}: AWS answers ResourceNotFoundException: no node group found for name: {name}")
    memory.delete(NODE_GROUP, standing[0]["id"])
    return f"{name} is deleted"


def _delete_cluster(options: list[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    """A cluster goes with its add-ons, access entries and associations, and only without node groups.

    Source: Amazon EKS API reference, DeleteCluster.
    """
    name = _options(options, "--name")["name"]
    standing = [each for each in _standing(deployment, memory, CLUSTER) if each["id"] == name]
    if not standing:
        raise AwsCommandError(f"{name}: AWS answers ResourceNotFoundException: No cluster found for name: {name}")
    if standing[0]["inputs"].get("deletionProtection"):
        raise AwsCommandError(f"{name}: AWS answers InvalidRequestException: deletion protection is on")
    own = [each for each in _standing(deployment, memory) if _cluster_of(each) == name]
    if groups := [each["id"] for each in own if each["type"] == NODE_GROUP]:
        raise AwsCommandError(
            f"{name}: AWS answers ResourceInUseException: Cluster has nodegroups attached: {', '.join(groups)}"
        )
    for each in [*standing, *own]:
        memory.delete(each["type"], each["id"])
    return f"{name} is deleted"


def _cluster_of(resource: Mapping[str, Any]) -> Any:
    return resource.get("inputs", {}).get("clusterName") if resource["type"].startswith("aws:eks/") else None


_COMMANDS: Mapping[str, Callable[[list[str], Memory, Mapping[str, Any]], str]] = {
    "logs delete-log-group": _delete_log_group,
    "eks delete-cluster": _delete_cluster,
    "eks delete-nodegroup": _delete_node_group,
    "eks update-cluster-version": _upgrade_control_plane,
}


def _options(words: list[str], *names: str) -> dict[str, str]:
    parser = _Parser(add_help=False)
    for name in names:
        parser.add_argument(name, required=True)
    return vars(parser.parse_args(words))


def _owned(deployment: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [each for each in deployment.get("resources", []) if each["type"] == kind]


def _standing(deployment: Mapping[str, Any], memory: Memory, kind: str | None = None) -> list[Mapping[str, Any]]:
    """Resources of the stack that nobody deleted behind its back."""
    found = [each for each in deployment.get("resources", []) if each.get("custom") and each.get("id")]
    return [
        each
        for each in found
        if each["type"] == (kind or each["type"]) and not memory.is_deleted(each["type"], each["id"])
    ]
