"""How many pods a node is told to run, against the addresses that its network interfaces carry.

Kubernetes would place the pods, and those beyond would wait for an address for ever.

Source: Amazon EKS user guide, "Assign more IP addresses to Amazon EKS nodes with prefixes"; aws/amazon-vpc-cni-k8s,
misc/eni-max-pods.txt, whose formula this is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from offline.checks.aws_rules.addon_settings import ADDON, settings_of
from offline.checks.aws_rules.node_groups import NODE_GROUP, TEMPLATE
from offline.checks.aws_rules.subject import Stack
from offline.checks.aws_rules.templates import node_configs
from offline.checks.finding import Finding
from offline.providers.aws.recorded import described

_SOURCE = "Amazon EKS user guide, Assign more IP addresses to Amazon EKS nodes with prefixes"
_PREFIX = 16
_ON_THE_HOSTS_ADDRESS = 2


def nodes_have_addresses_for_their_pods(stack: Stack) -> Iterator[Finding]:
    """kubelet's maxPods is no more than any instance type of the group can give addresses to."""
    with_prefixes = _prefixes_are_on(stack)
    for group in stack.of(NODE_GROUP):
        template = stack.owner(TEMPLATE, group, "launchTemplate.id")
        for config in node_configs(template) if template else ():
            pods = config.get("spec", {}).get("kubelet", {}).get("config", {}).get("maxPods")
            for index, name in enumerate(group.items("instanceTypes") if isinstance(pods, int) else ()):
                answer = described(name)
                if answer is not None and pods > _carried(answer, with_prefixes):
                    rule = f"carries {_carried(answer, with_prefixes)} pods, but its nodes are told to run {pods}"
                    fix = "Lower maxPods, or choose a type with more interfaces, of the Nitro System"
                    yield group.finding(f"instanceTypes.{index}", rule, _SOURCE, fix, name)


def _carried(answer: Mapping[str, Any], with_prefixes: bool) -> int:
    network = answer["NetworkInfo"]
    interfaces = network["NetworkCards"][network["DefaultNetworkCardIndex"]]["MaximumNetworkInterfaces"]
    takes_prefixes = with_prefixes and (answer["BareMetal"] or answer.get("Hypervisor") == "nitro")
    slots = interfaces * (network["Ipv4AddressesPerInterface"] - 1)
    return slots * (_PREFIX if takes_prefixes else 1) + _ON_THE_HOSTS_ADDRESS


def _prefixes_are_on(stack: Stack) -> bool:
    for addon in stack.of(ADDON):
        if addon.get("addonName") == "vpc-cni":
            return settings_of(addon).get("env", {}).get("ENABLE_PREFIX_DELEGATION") == "true"
    return False


RULES_TOGETHER = (nodes_have_addresses_for_their_pods,)
