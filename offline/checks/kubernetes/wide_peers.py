"""What a network policy admits is some namespace's pods, and not every pod of the cluster.

The VPC CNI writes the address of every pod that a policy's peer selects into PolicyEndpoints objects, anew with each
pod that comes or goes, and every node watches them: with many nodes that alone floods the API server, and a policy
whose addresses fill several objects has spells of denying everything.

Source: aws/aws-network-policy-agent#211, aws/amazon-network-policy-controller-k8s#201.
"""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import selects
from offline.checks.kubernetes.objects import items
from offline.checks.kubernetes.stack import Stack

# A namespace that nobody's selector means.
_ANY = {"kubernetes.io/metadata.name": "moka-offline-any-namespace"}
_SOURCE = "Amazon EKS user guide, Limit Pod traffic with Kubernetes network policies; aws/aws-network-policy-agent#211"
_FIX = "Name the namespaces by a label, or admit address ranges with ipBlock"


def peers_are_some_pods(judge: str, stack: Stack) -> Iterable[Finding]:
    """No peer selects all pods of namespaces that it does not mean."""
    for found in stack.objects:
        if found.kind != "NetworkPolicy":
            continue
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for index, rule in enumerate(items(found.spec.get(direction))):
                for place, peer in enumerate(items(rule.get(key))):
                    selector = peer.get("namespaceSelector")
                    if selector is not None and not peer.get("podSelector") and selects(selector, _ANY):
                        path = f"spec.{direction}[{index}].{key}[{place}].namespaceSelector"
                        rule_text = (
                            "selects every pod of namespaces that it does not name, and the VPC CNI lists them all"
                        )
                        yield found.finding(judge, path, rule_text, _SOURCE, _FIX)
