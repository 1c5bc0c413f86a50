"""Mistakes in stack files: one row for each rule of the settings that a file can break."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components.settings_error import SettingsError
from tests.stack_files import Tree, settings

INTEL_EXECUTORS = "executor-intel"


@dataclass(frozen=True)
class PlantedSetting:
    """One mistake in one stack's file.

    Args:
        stack: name of the stack.
        change: edits its settings in place.
        place: field path that the error must name.
        value: what the error must show as its value.
        says: words of the rule.
    """

    stack: str
    change: Callable[[Tree], object]
    place: str
    value: str
    says: str

    def __str__(self) -> str:
        return f"settings: {self.stack} {self.place}"

    def assert_refused(self) -> None:
        """Field, value, rule, reason and fix are told."""
        try:
            settings(self.stack, self.change)
        except SettingsError as error:
            message = str(error)
        else:
            raise AssertionError("the settings load")
        assert f"stacks/Pulumi.{self.stack}.yaml" in message
        lines = message.split("\n  ")
        index = next(i for i, line in enumerate(lines) if line.startswith(f"{self.place} = ") and self.value in line)
        rule, reason, fix = lines[index + 1 : index + 4]
        assert self.says in rule.removeprefix("  rule:")
        assert len(reason.removeprefix("  reason:").strip()) > 10
        assert len(fix.removeprefix("  fix:").strip()) > 5


def put(path: str, value: Any) -> Callable[[Tree], None]:
    """A change that sets one value of the tree."""

    def change(tree: Tree) -> None:
        *parents, last = path.split("/")
        for key in parents:
            tree = tree.setdefault(key, {})
        tree[last] = value

    return change


def _elsewhere(region: str, path: str, value: Any) -> Callable[[Tree], None]:
    """A change that moves the stack to another Region with its zones, and sets one value."""

    def change(tree: Tree) -> None:
        zones = tree["network"]["zones"]
        tree["network"]["zones"] = {region + name[-1]: block for name, block in zones.items()}
        tree["region"] = region
        put(path, value)(tree)

    return change


_ROWS = [
    ("dev", put("network/cidr", "10.16.0.0/23"), "network.cidr", "10.16.0.0/23", "between a /16 and a /22"),
    ("dev", put("network/cidr", "10.0.0.0/8"), "network.cidr", "10.0.0.0/8", "between a /16 and a /22"),
    ("dev", put("network/cidr", "100.126.0.0/20"), "network.cidr", "100.126.0.0/20", "outside 100.64.0.0/10"),
    ("dev", put("network/cidr", "8.8.0.0/20"), "network.cidr", "8.8.0.0/20", "must be a private range"),
    ("dev", put("network/zones", {"us-east-1a": "100.66.0.0/16"}), "network.zones", "['us-east-1a']", "at least 2"),
    ("dev", put("network/zones/us-east-1a", "10.99.0.0/16"), "network.zones.us-east-1a", "10.99.0.0/16", "inside"),
    ("dev", put("network/zones/us-east-1a", "100.96.0.0/15"), "network.zones.us-east-1a", "/15", "a /16 and a /20"),
    ("dev", put("network/zones/us-east-1a", "100.67.0.0/20"), "network.zones.us-east-1b", "/16", "must not overlap"),
    (
        "dev",
        put("network/zones/eu-west-1a", "100.99.0.0/16"),
        "network.zones.eu-west-1a",
        "eu-west-1a",
        "Region's name",
    ),
    ("dev", put("network/flow_log_retention_days", 100), "network.flow_log_retention_days", "100", "input should be"),
    ("dev", put("cluster/service_cidr", "10.16.0.0/16"), "cluster.service_cidr", "10.16.0.0/16", "must not overlap"),
    ("dev", put("cluster/service_cidr", "172.20.0.0/25"), "cluster.service_cidr", "/25", "between a /12 and a /24"),
    ("dev", put("cluster/public_access_cidrs", ["0.0.0.0/0"]), "cluster.public_access_cidrs.0", "0.0.0.0/0", "/8"),
    ("dev", put("cluster/public_access_cidrs", ["10.1.0.0/16"]), "cluster.public_access_cidrs.0", "10.1", "public"),
    (
        "staging",
        put("cluster/private_access", {}),
        "cluster.private_access",
        "nobody",
        "must name a range or a security",
    ),
    (
        "staging",
        put("cluster/private_access/cidrs", ["198.51.100.0/24"]),
        "cluster.private_access.cidrs.0",
        "198.51.100.0/24",
        "must be a private range",
    ),
    (
        "staging",
        put("cluster/private_access/cidrs", ["10.224.0.0/16", "10.224.7.0/24"]),
        "cluster.private_access.cidrs.1",
        "10.224.7.0/24",
        "must not overlap cidrs.0",
    ),
    (
        "staging",
        put("cluster/private_access/cidrs", ["172.20.9.0/24"]),
        "cluster.private_access.cidrs.0",
        "172.20.9.0/24",
        "must not overlap service_cidr",
    ),
    (
        "staging",
        put("cluster/private_access/security_group_ids", ["sg-12"]),
        "cluster.private_access.security_group_ids.0",
        "sg-12",
        "should match pattern",
    ),
    (
        "staging",
        put("cluster/private_access/security_group_ids", ["sg-01234567", "sg-01234567"]),
        "cluster.private_access.security_group_ids.1",
        "sg-01234567",
        "must not repeat a group",
    ),
    (
        "staging",
        put("cluster/private_access/security_group_ids", [f"sg-{each:08x}" for each in range(59)]),
        "cluster.private_access.cidrs",
        "60",
        "at most 59 sources",
    ),
    (
        "dev",
        put("spark/image", "apache/spark:4.1.2"),
        "spark.image",
        "apache/spark:4.1.2",
        "must be in 222222222222.dkr.ecr.us-east-1.amazonaws.com",
    ),
    ("production", put("spark", {}), "spark.image", "4.1.2-celeborn-1", "must name a digest"),
    (
        "dev",
        put("charts/mirror", "oci://robot:hunter2@registry.internal/charts"),
        "charts.mirror",
        "[hidden]",
        "must not be a URL with a password",
    ),
    ("dev", put("images/mirror", "docker.io/moka"), "images.mirror", "docker.io/moka", "must not be Docker Hub"),
    ("dev", put("cluster/kubernetes_version", "1.33"), "cluster.kubernetes_version", "1.33", "standard support"),
    ("dev", put("cluster/kubernetes_version", "1.99"), "cluster.kubernetes_version", "1.99", "standard support"),
    ("dev", put("cluster/node_release", "1.34.2-20260101"), "cluster.node_release", "1.34.2", "Kubernetes 1.35"),
    ("dev", put("cluster/addons", {"kube_proxy": "v1.34.0-eksbuild.1"}), "cluster.addons.kube_proxy", "v1.34", "1.35"),
    ("dev", put("cluster/access", {"viewer": []}), "cluster.access.ci", "[]", "must name a role"),
    (
        "dev",
        put("cluster/access/operator", ["arn:aws:iam::222222222222:role/moka-deploy"]),
        "cluster.access.ci",
        "moka-deploy",
        "must not repeat",
    ),
    (
        "dev",
        put("cluster/access/viewer", ["arn:aws:iam::444444444444:role/moka-viewer"]),
        "cluster.access.viewer.0",
        "444444444444",
        "account 222222222222",
    ),
    (
        "production",
        put(f"node_groups/{INTEL_EXECUTORS}/instance_types", ["r6id.8xlarge", "r7gd.8xlarge"]),
        f"node_groups.{INTEL_EXECUTORS}.instance_types.1",
        "r7gd.8xlarge",
        "architecture x86_64",
    ),
    (
        "production",
        put(f"node_groups/{INTEL_EXECUTORS}/instance_types", ["r6id.8xlarge", "r6i.8xlarge"]),
        f"node_groups.{INTEL_EXECUTORS}.instance_types",
        "r6i.8xlarge",
        "all have local NVMe",
    ),
    (
        "production",
        put("node_groups/system/fast_image_pull", True),
        "node_groups.system.fast_image_pull",
        "True",
        "must be false for types without local NVMe volumes",
    ),
    (
        "production",
        put(f"node_groups/{INTEL_EXECUTORS}/instance_types", ["r6id.8xlarge"]),
        f"node_groups.{INTEL_EXECUTORS}.instance_types",
        "r6id.8xlarge",
        "at least 6 types",
    ),
    (
        "production",
        put("node_groups/system/instance_types", ["m7g.xlarge", "m7g.xlarge"]),
        "node_groups.system.instance_types",
        "m7g.xlarge",
        "must not repeat",
    ),
    ("dev", put("region", "xx-moon-1"), "region", "xx-moon-1", "must be a Region that is served"),
    ("dev", put("region", "cn-north-1"), "region", "cn-north-1", "must be a Region that is served"),
    ("dev", put("region", "us-iso-east-1"), "region", "us-iso-east-1", "must be a Region that is served"),
    (
        "production",
        _elsewhere("us-west-1", "monitoring/grafana", "amazon-managed"),
        "monitoring.grafana",
        "amazon-managed",
        "must be in-cluster in us-west-1",
    ),
    (
        "production",
        _elsewhere("me-south-1", "node_groups/system/instance_types", ["r8g.2xlarge"]),
        "node_groups.system.instance_types.0",
        "r8g.2xlarge",
        "must be offered in me-south-1",
    ),
    (
        "dev",
        put("node_groups/spark-graviton/instance_types", ["m7gd.3xlarge"]),
        "node_groups.spark-graviton.instance_types.0",
        "m7gd.3xlarge",
        "must be an EC2 instance type",
    ),
    (
        "dev",
        put("node_groups/spark-intel/instance_types", ["i3.2xlarge"]),
        "node_groups.spark-intel.instance_types.0",
        "i3.2xlarge",
        "must be built on the Nitro System",
    ),
    (
        "dev",
        put("node_groups/spark-intel/instance_types", ["m6id.2xlarge", "h1.2xlarge"]),
        "node_groups.spark-intel.instance_types",
        "h1.2xlarge",
        "must all have local NVMe storage",
    ),
    (
        "dev",
        put("node_groups/spark-graviton/instance_types", ["m7gd.medium", "m7gd.large"]),
        "node_groups.spark-graviton.max_pods",
        "110",
        "must be at most 98, which m7gd.medium carries",
    ),
    (
        "dev",
        put("node_groups/spark-graviton/max_pods", 111),
        "node_groups.spark-graviton.max_pods",
        "111",
        "must be at most 110, which m7gd.2xlarge carries",
    ),
    ("dev", put("node_groups/system/instance_types", ["large"]), "node_groups.system.instance_types.0", "large", "EC2"),
    ("dev", put("node_groups/system/size", 451), "node_groups.system.size", "451", "less than or equal to 450"),
    ("dev", put("node_groups/system/size", 0), "node_groups.system.size", "0", "at least 1"),
    ("dev", put("node_groups/system/min_size", 1), "node_groups.system.min_size", "1", "is not a known key"),
    ("dev", put("node_groups/system/workload", "spark"), "node_groups", "system", "platform pods"),
    ("dev", put("node_groups/Bad_Name", {}), "node_groups.Bad_Name", "Bad_Name", "pattern"),
    ("production", put("node_groups/driver-intel/capacity", "spot"), "node_groups.driver-intel.capacity", "spot", ""),
    ("test", put("log_buckets/infrequent_access_after_days", 30), "log_buckets.infrequent_access_after_days", "30", ""),
    ("test", put("log_buckets/object_lock_days", 3), "log_buckets.versioned", "False", "must be true"),
    ("production", put("logs/catalog/days_back", 399), "logs.catalog.days_back", "399", "retention_days (400)"),
    ("staging", put("log_buckets/object_lock_days", 91), "log_buckets.object_lock_days", "91", "retention_days (90)"),
    (
        "production",
        put("cluster/public_access_cidrs", ["81.2.69.144/28"]),
        "cluster.public_access_cidrs",
        "81.2.69.144/28",
        "must be empty while protect is true",
    ),
    ("production", put("log_buckets/on_destroy", "empty"), "log_buckets.on_destroy", "empty", "keep or refuse in"),
    (
        "production",
        lambda tree: tree.update(protect=False, log_buckets={"on_destroy": "empty"}),
        "log_buckets.on_destroy",
        "empty",
        "keep or refuse in production",
    ),
    ("staging", put("log_buckets/on_destroy", "empty"), "log_buckets.on_destroy", "empty", "while protect is true"),
    ("production", put("monitoring/retention_days", 32), "monitoring.retention_days", "32", "at most 31"),
    ("staging", put("node_groups/system/size", 1), "monitoring.availability", "high", "must be single while"),
    ("staging", put("monitoring/cluster_queue_mib", 8192), "monitoring.cluster_queue_mib", "8192", "of system nodes"),
    ("production", put("monitoring/agent_queue_mib", 8192), "monitoring.agent_queue_mib", "8192", "a quarter of"),
    (
        "dev",
        put("monitoring/forward_to", {"url": "http://store", "metrics": ["up"]}),
        "monitoring.forward_to.url",
        "http://store",
        "pattern",
    ),
    (
        "dev",
        put("monitoring/forward_to", {"url": "https://store/write", "metrics": ["up", "kube_(pod"]}),
        "monitoring.forward_to.metrics.1",
        "kube_(pod",
        "regular expression in the syntax of RE2",
    ),
    (
        "dev",
        put("monitoring/forward_to", {"url": "https://store/write", "metrics": ["a_seconds_bucket"]}),
        "monitoring.forward_to.metrics.0",
        "a_seconds_bucket",
        "must not end with _bucket",
    ),
    ("dev", put("name", "staging"), "name", "staging", "must be dev"),
    ("dev", put("account_id", "444444444444"), "account_id", "444444444444", "differ from stack production's"),
    ("dev", put("network/cidr", "10.48.8.0/21"), "network.cidr", "10.48.8.0/21", "10.48.0.0/20 of stack production"),
    ("dev", put("network/zones/us-east-1a", "100.64.0.0/18"), "network.zones.us-east-1a", "/18", "of stack test"),
    ("dev", put("account_id", 222222222222), "account_id", "222222222222", "valid string"),
    ("dev", put("protect", "no"), "protect", "no", "valid boolean"),
    ("dev", put("monitoring/retention", 3), "monitoring.retention", "3", "not a known key"),
]

SETTINGS_MISTAKES = [PlantedSetting(*row) for row in _ROWS]
