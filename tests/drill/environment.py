"""The environment of the drill: dev with every optional part switched on, so that each field is there to be changed."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from offline.engine import OfflineEngine
from offline.summary import Change, Summary
from tests.checks.mistakes_settings import put
from tests.components.spark_ui.ui_environment import written
from tests.drill.fields import Changes, Place, changed
from tests.recorder import ACCOUNT_ID
from tests.stack_files import Tree, settings, stack_file
from tests.stacks.deployment import type_of
from tests.stacks.project_copy import copy_of_project

STACK = "dev"
SECRET = {"name": "headers"}
EXECUTORS = {
    "workload": "spark-executor",
    "architecture": "arm64",
    "instance_types": ["r7gd.2xlarge", "m7gd.2xlarge", "r6gd.2xlarge", "r8gd.2xlarge", "m8gd.2xlarge", "c7gd.2xlarge"],
    "size": 2,
}
POOL = {
    "workload": "spark-executor",
    "architecture": "arm64",
    "instance_types": [f"{family}.2xlarge" for family in ("r7gd", "m7gd", "r6gd", "r8gd", "m8gd", "c7gd")],
    "limits": {"vcpus": 32, "memory_gib": 256},
}
OPTIONAL = {
    # Many larger values together ask for more than dev's own system nodes offer.
    "node_groups/system/instance_types": ["m7g.2xlarge", "m6g.2xlarge"],
    # Celeborn's masters stand in three zones.
    "network/zones/us-east-1c": "100.71.0.0/16",
    "node_groups/system/size": 3,
    "node_groups/shuffle": {
        "workload": "shuffle",
        "architecture": "arm64",
        "instance_types": ["im4gn.2xlarge"],
        "size": 3,
        "max_pods": 16,
    },
    "shuffle": {"celeborn": {"peak_shuffle_gib": 1000}},
    "log_buckets/retention_days": 60,
    "log_buckets/versioned": True,
    "monitoring/storage": "amazon-managed",
    "monitoring/forward_to": {
        "url": "https://metrics.internal/write",
        "metrics": ["spark_.*"],
        "headers_secret": SECRET,
    },
    "monitoring/traces_and_logs_to": {"url": "https://traces.internal", "headers_secret": SECRET},
    "alerts/receivers": {"chat": {"kind": "webhook", "secret": "chat"}},
    "alerts/email_addresses": ["on-call@moka.internal"],
    "detection": {"detector": "own", "runtime_agent": "add-on", "trail": {}},
    "teams/search": {
        "owners": ["arn:aws:iam::222222222222:role/search"],
        "queue": {"maximum": {"vcpus": 8, "memory_gib": 32}},
    },
    "images/publisher": {"repository": "company/moka", "environment": "dev"},
    "spark/live_ui": written(ACCOUNT_ID, groups={"analytics": "data-analytics", "search": "data-search"}),
}
# What runs, or holds something: its replacement or deletion is never a detail.
HEAVY = (
    "aws:amp/workspace:Workspace",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:eks/addon:Addon",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:kms/key:Key",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:s3/bucket:Bucket",
    "aws:sns/topic:Topic",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    "kubernetes:karpenter.sh/v1:NodePool",
)
# What is lost with the resource, since nothing else holds it; beside claims, of which the change tells.
HOLDS_DATA = (
    "aws:amp/workspace:Workspace",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
)


def drill_settings() -> Tree:
    """The settings that the drill starts from, whole and as JSON."""

    def switch_on(tree: Tree) -> None:
        for path, value in OPTIONAL.items():
            put(path, deepcopy(value))(tree)
        # The first group is the one whose fields are changed; drivers would forbid most changes.
        tree["node_groups"] = {"executors": dict(EXECUTORS), **tree["node_groups"]}
        tree["node_pools"] = {"elastic": deepcopy(POOL), **tree["node_pools"]}

    return settings(STACK, switch_on).model_dump(mode="json")


class Environment:
    """Dev, up, in a copy of the program whose stack file the drill changes.

    Args:
        directory: where the copy and the state go.
    """

    def __init__(self, directory: Path) -> None:
        self._project = copy_of_project(directory / "project")
        self._judged = OfflineEngine(self._project, directory / "home")
        self._unjudged = OfflineEngine(self._project, directory / "home", judges=lambda: ())
        self.tree = drill_settings()
        self.deployed({})

    def previewed(self, changes: Changes) -> Summary:
        """What the engine would do for the drill's settings with changes, asked without the judges."""
        self._write(changes)
        return self._unjudged.preview(STACK)

    def deployed(self, changes: Changes) -> Summary:
        """Deploy the drill's settings with changes, judged; returns what a second preview still wants to do."""
        self._write(changes)
        self._judged.up(STACK)
        return self._judged.preview(STACK)

    def _write(self, changes: Changes) -> None:
        document = {"config": {"moka:settings": changed(self.tree, changes)}}
        stack_file(STACK, self._project / "stacks").write_text(yaml.safe_dump(document))


def gone(summary: Summary) -> list[Change]:
    """What runs or holds something, and would be replaced or deleted."""
    return [each for each in summary.changed if each.operation in ("replace", "delete") and type_of(each.urn) in HEAVY]


def mismatch(place: Place, old: Any, new: Any, summary: Summary) -> str:
    """What the engine shows that the field does not say of itself; empty where the two agree.

    Args:
        place: the field.
        old: what it was.
        new: what it is changed to.
        summary: what the engine shows.
    """
    change = place.change(old, new)
    heavy = gone(summary)
    undeclared = [each for each in heavy if type_of(each.urn) not in change.replaces]
    said = f"{place.pattern}, from {old} to {new}, is said to be {change}, but the engine would "
    if undeclared:
        return said + _listed(undeclared)
    if change.effect == "replaces" and not heavy:
        return f"{said}replace nothing: {_listed(summary.changed)}"
    if any(each.loses or type_of(each.urn) in HOLDS_DATA for each in heavy) and not change.loses:
        return f"{said}delete data: {_listed(heavy)}"
    return ""


def _listed(changes: Iterable[Change]) -> str:
    return "; ".join(map(str, changes)) or "do nothing"
