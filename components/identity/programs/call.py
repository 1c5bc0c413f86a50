"""A program that has a role, and the calls that it makes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, NamedTuple

Context = Mapping[str, str | tuple[str, ...]]
# Field to every value that it has in a deployment.
Fields = Mapping[str, Sequence[str]]


class Asked(NamedTuple):
    """One request as AWS decides it: an action, the ARN of what it acts on, and condition keys."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class Call:
    """Actions of which each is asked on each of some resources.

    Args:
        actions: as AWS authorises them, such as s3:PutObject, which every part of an upload is.
        resources: ARNs of examples of what they act on, with the fields of `PLACES` in braces; * where they name none.
        source: where the program or its documentation shows the calls.
        context: condition keys beside those that follow from the principal and from `Program.context`.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    source: str
    context: Context = field(default_factory=dict[str, str | tuple[str, ...]])

    def requests(self, fields: Fields) -> Iterator[Asked]:
        """The requests in one deployment.

        Raises:
            KeyError: for a field that the deployment has no value of.
        """
        for resource in self.resources:
            for arn in filled(resource, fields):
                yield from (Asked(action, arn, self.context) for action in self.actions)


@dataclass(frozen=True)
class Program:
    """Whoever acts as one role.

    Args:
        name: what it is, in words.
        role: logical name of the role.
        calls: every call that it makes as this role.
        context: condition keys of all of its calls; a call's own win.
    """

    name: str
    role: str
    calls: tuple[Call, ...]
    context: Context = field(default_factory=dict[str, str | tuple[str, ...]])

    def requests(self, fields: Fields) -> Iterator[Asked]:
        """Every request of every call in one deployment."""
        for call in self.calls:
            for action, resource, context in call.requests(fields):
                yield Asked(action, resource, {**self.context, **context})


# Field to type token and logical name of the resources whose ARN it is; a * stands for what depends on the Region.
PLACES: Mapping[str, tuple[str, str]] = {
    "spark_logs": ("aws:s3/bucket:Bucket", "spark-logs"),
    "spark_events": ("aws:s3/bucket:Bucket", "spark-events"),
    "system_logs": ("aws:s3/bucket:Bucket", "system-logs"),
    "log_key": ("aws:kms/key:Key", "log-buckets"),
    "results_key": ("aws:kms/key:Key", "log-catalog-results"),
    "images_key": ("aws:kms/key:Key", "images"),
    "cluster_key": ("aws:kms/key:Key", "cluster-key"),
    "alerts_key": ("aws:kms/key:Key", "alerts"),
    "alerts": ("aws:sns/topic:Topic", "alerts"),
    "heartbeat": ("aws:sns/topic:Topic", "heartbeat"),
    "workspace": ("aws:amp/workspace:Workspace", "metrics-workspace"),
    "interruptions": ("aws:sqs/queue:Queue", "interruptions"),
    "node_role": ("aws:iam/role:Role", "nodes-node"),
    "node_security_group": ("aws:ec2/securityGroup:SecurityGroup", "cluster-nodes"),
    "node_subnets": ("aws:ec2/subnet:Subnet", "network-nodes-*"),
}


def fields_of(resources: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The values of `PLACES` in an exported deployment, without those that it has no resource for.

    Args:
        resources: what `pulumi stack export` has under `deployment.resources`.
    """
    found: dict[str, list[str]] = {}
    for resource in resources:
        name = str(resource["urn"]).rsplit("::", 1)[-1]
        for place, (kind, pattern) in PLACES.items():
            start, star, _ = pattern.partition("*")
            if resource["type"] == kind and (name.startswith(start) if star else name == pattern):
                found.setdefault(place, []).append(resource["outputs"]["arn"])
    return {place: tuple(sorted(arns)) for place, arns in found.items()}


def filled(text: str, fields: Fields) -> Iterator[str]:
    """A text with each value of its field, of which it has one at most."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    if not names:
        yield text
    for name in names:
        yield from (text.replace(f"{{{name}}}", value) for value in fields[name])
