"""The API server reaches what it calls: security groups open the ports of admission webhooks and extension APIs.

Asked where ids are known, as in a rehearsal and in an update. Leaves out configurations that a controller registers by
itself when it starts, as YuniKorn's does.

Source: Amazon EKS user guide, "View Amazon EKS security group requirements for clusters"; Kubernetes documentation,
"Dynamic Admission Control".
"""

from collections.abc import Iterable, Iterator

from offline.checks.aws_rules.reach import CLUSTER, INGRESS, admits, groups_of_nodes
from offline.checks.aws_rules.subject import Stack as AwsStack
from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import matches
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, items, known_text, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import Properties

EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_CONFIGURATIONS = frozenset({"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"})
_HTTPS = 443
_SOURCE = "Amazon EKS user guide, View Amazon EKS security group requirements for clusters"


def called_ports_are_open(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each port that the API server calls may leave the control plane's group and enter the nodes'."""
    aws = AwsStack(stack.resources)
    nodes = groups_of_nodes(aws)
    planes = {group for each in aws.of(CLUSTER) for group in each.items("vpcConfig.securityGroupIds")}
    if not nodes or not planes:
        return
    for found in stack.objects:
        for path, service in _called(found):
            for port in _ports(service, stack):
                way = _closed(aws, planes, nodes, port)
                if way:
                    rule = f"leads the API server to port {port} of pods, which no {way} rule lets through"
                    fix = "Add the port to CONTROL_PLANE_TO_NODES in components/cluster/security_groups.py"
                    yield found.finding(judge, path, rule, _SOURCE, fix)


def _called(found: KubernetesObject) -> Iterator[tuple[str, Properties]]:
    """Services that an object has the API server call, each with its path."""
    if found.kind in _CONFIGURATIONS:
        for index, webhook in enumerate(items(found.content.get("webhooks"))):
            service = mapping(mapping(webhook.get("clientConfig")).get("service"))
            if service:
                yield f"webhooks[{index}].clientConfig.service", service
    elif found.kind == "APIService" and found.spec.get("service"):
        yield "spec.service", mapping(found.spec.get("service"))
    elif found.kind == "CustomResourceDefinition":
        webhook = mapping(mapping(found.spec.get("conversion")).get("webhook"))
        service = mapping(mapping(webhook.get("clientConfig")).get("service"))
        if service:
            yield "spec.conversion.webhook.clientConfig.service", service


def _ports(called: Properties, stack: Stack) -> list[int]:
    """Ports of the pods behind a service; it calls pods by their addresses, so the service's own port is none."""
    namespace, wanted = known_text(called.get("namespace")), called.get("port") or _HTTPS
    service = stack.find("Service", namespace, known_text(called.get("name")))
    if service is None:
        return []
    selector = service.spec.get("selector")
    pods = [each for _, each in stack.pods_in(namespace) if matches(selector, each.labels)]
    targets = [
        each.get("targetPort", wanted) for each in items(service.spec.get("ports")) if each.get("port") == wanted
    ]
    return sorted({port for target in targets for port in _numbers(target, pods)})


def _numbers(target: object, pods: Iterable[PodTemplate]) -> Iterator[int]:
    if isinstance(target, int | float):
        yield int(target)
        return
    for pod in pods:
        for _, container in pod.containers():
            yield from (
                int(each["containerPort"])
                for each in items(container.get("ports"))
                if each.get("name") == target and "containerPort" in each
            )


def _closed(aws: AwsStack, planes: set[str], nodes: set[str], port: int) -> str:
    """Which way is shut: egress of the control plane, ingress of the nodes, or none."""
    for way, kind, own, other in (("egress", EGRESS, planes, nodes), ("ingress", INGRESS, nodes, planes)):
        if not any(
            each.get("securityGroupId") in own and each.get("referencedSecurityGroupId") in other and admits(each, port)
            for each in aws.of(kind)
        ):
            return way
    return ""
