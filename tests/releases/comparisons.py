"""A comparison as `python -m offline diff` makes it, with something of everything in it."""

from components.change import impossible, in_place, steps
from components.rules.changes import FieldChange
from offline.diff.danger import Danger
from offline.diff.fields import FieldDifference
from offline.diff.report import as_json
from offline.diff.resource_change import ResourceChange
from offline.diff.stack_comparison import StackComparison
from offline.summary import Change

URN = "urn:pulumi:{}::moka::moka:index:Environment${}::{}"
BUCKET = "aws:s3/bucket:Bucket"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


def resource(
    stack: str, operation: str, kind: str, name: str, *fields: str, because_of: tuple[str, ...] = ()
) -> ResourceChange:
    """A resource that is changed."""
    differing = tuple(FieldDifference(each, "old", "new") for each in fields)
    return ResourceChange(Change(operation, URN.format(stack, kind, name), replaces=because_of), differing)


PRODUCTION = StackComparison(
    "production",
    "changed",
    resources=(
        resource("production", "delete", BUCKET, "old-logs"),
        resource("production", "replace", BUCKET, "spark-logs", "bucket", because_of=("bucket",)),
        resource("production", "update", NODE_GROUP, "executor-intel", "releaseVersion"),
        resource("production", "update", DEPLOYMENT, "prometheus", "spec.template.spec.containers.prometheus.image"),
        resource("production", "create", "aws:ec2/vpc:Vpc", "another"),
    ),
    settings=(
        FieldChange("log_buckets.retention_days", 400, 30, in_place(loses="objects that are older")),
        FieldChange("spark.executors.maximum", 20, 30, in_place("applications submitted from now on")),
    ),
    dangers=(Danger("production", "delete", f"{BUCKET} old-logs", "logs can't be had again"),),
)
DEV = StackComparison(
    "dev",
    "refused",
    settings=(
        FieldChange("network.cidr", "10.0.0.0/16", "10.1.0.0/16", impossible("the VPC would be replaced")),
        FieldChange("node_groups.a.zones", [], ["us-east-1a"], steps("add another group", "docs/changes.md")),
    ),
    refusal="stacks/Pulumi.dev.yaml: 1 error | network.cidr",
)
TEST = StackComparison("test", "unaffected")


def document(*compared: StackComparison) -> str:
    """As the command prints it."""
    return as_json(compared, [danger for each in compared for danger in each.dangers])
