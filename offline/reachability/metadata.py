"""Whether pods get answers from the instance metadata service of their node, which would give them the node's role.

A pod is one hop behind its node: an answer to the request for a session token must not travel further than the node.
Without `required` tokens, requests need none, and no hop limit stops them.

Source: Amazon EC2 user guide, "Configure the Instance Metadata Service options": httpTokens, httpPutResponseHopLimit,
which is 2 for an AMI with `ImdsSupport: v2.0`, such as Amazon Linux 2023, where nothing is set; Amazon EKS best
practices, "Restrict access to the instance profile assigned to the worker node".
"""

from collections.abc import Iterable, Iterator
from typing import Any

from offline.checks.kubernetes.objects import mapping
from offline.providers.resource import Resource
from offline.providers.values import Properties
from offline.reachability.opening import Opener, Opening, closed
from offline.reachability.ports import NO_PORT, tcp

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
_HOPS_UNSET = 2


def opening(resources: Iterable[Resource]) -> Opening:
    """What the options of all nodes let through to pods.

    A single node that answers is enough, since a pod may come to lie there. It is possible and not certain then.
    """
    templates = list(_options(resources))
    answering = [Opener(f"{name}: {why}", tcp(80)) for name, options in templates if (why := _answers(options))]
    return Opening(tcp(80), NO_PORT, tuple(answering)) if answering else closed()


def _options(resources: Iterable[Resource]) -> Iterator[tuple[str, Properties]]:
    for each in resources:
        if each.type == TEMPLATE:
            yield each.name, mapping(each.plain_inputs.get("metadataOptions"))
        elif each.type == NODE_CLASS:
            yield each.name, mapping(mapping(each.plain_inputs.get("spec")).get("metadataOptions"))


def _answers(options: Properties) -> str:
    if options.get("httpEndpoint") == "disabled":
        return ""
    if options.get("httpTokens") != "required":
        return f"httpTokens is {_shown(options, 'httpTokens')}"
    hops = options.get("httpPutResponseHopLimit", _HOPS_UNSET)
    return f"httpPutResponseHopLimit is {_shown(options, 'httpPutResponseHopLimit')}" if int(hops) > 1 else ""


def _shown(options: Properties, key: str) -> Any:
    return options.get(key, "not set")
