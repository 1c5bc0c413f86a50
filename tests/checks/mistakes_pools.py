"""Mistakes in the node pools of stack files: one row for each rule that a pool can break."""

from tests.checks.mistakes_settings import PlantedSetting, put

_EXECUTORS = "node_pools/elastic-executors-graviton"
_FIELD = "node_pools.elastic-executors-graviton"
_DRIVERS = "node_pools/elastic-drivers-intel"
_INTEL_POOL = {"workload": "spark", "architecture": "x86_64", "limits": {"vcpus": 64, "memory_gib": 512}}

POOL_MISTAKES = [
    PlantedSetting(*row)
    for row in (
        ("production", put(f"{_EXECUTORS}/size", 3), f"{_FIELD}.size", "3", "is not a known key"),
        ("production", put(f"{_EXECUTORS}/workload", "system"), f"{_FIELD}.workload", "system", "spark-driver"),
        (
            "production",
            put(f"{_DRIVERS}/capacity", "spot"),
            "node_pools.elastic-drivers-intel.capacity",
            "spot",
            "must be on-demand for workload spark-driver",
        ),
        (
            "production",
            put(f"{_DRIVERS}/termination_grace_minutes", 60),
            "node_pools.elastic-drivers-intel.termination_grace_minutes",
            "60",
            "must be null for workload spark-driver",
        ),
        (
            "production",
            put(f"{_EXECUTORS}/instance_types", ["r8gd.8xlarge", "r7gd.8xlarge"]),
            f"{_FIELD}.instance_types",
            "r7gd.8xlarge",
            "at least 6 types for spot executors",
        ),
        (
            "production",
            put(f"{_DRIVERS}/instance_types", ["m7gd.4xlarge"]),
            "node_pools.elastic-drivers-intel.instance_types.0",
            "m7gd.4xlarge",
            "must be a type of architecture x86_64",
        ),
        (
            "production",
            put(f"{_DRIVERS}/max_pods", 111),
            "node_pools.elastic-drivers-intel.max_pods",
            "111",
            "must be at most 110, which m6id.4xlarge carries",
        ),
        ("production", put(f"{_EXECUTORS}/limits/vcpus", 63), f"{_FIELD}.limits.vcpus", "63", "must be at least 64"),
        (
            "production",
            put(f"{_EXECUTORS}/limits/memory_gib", 511),
            f"{_FIELD}.limits.memory_gib",
            "511",
            "must be at least 512",
        ),
        (
            "production",
            put(f"{_EXECUTORS}/limits/vcpus", 32_000),
            "network.zones.us-east-1a",
            "100.72.0.0/16",
            "but holds 4094",
        ),
        ("production", put(f"{_EXECUTORS}/zones", ["us-east-1f"]), f"{_FIELD}.zones.0", "us-east-1f", "must be a zone"),
        (
            "production",
            put(f"{_EXECUTORS}/node_release", "1.36.1-20261001"),
            f"{_FIELD}.node_release",
            "1.36.1-20261001",
            "must be a release of Kubernetes 1.35",
        ),
        ("production", put(f"{_EXECUTORS}/root_volume_gib", 20), f"{_FIELD}.root_volume_gib", "20", "must keep"),
        (
            "production",
            put(f"{_EXECUTORS}/disruption_budgets", {"night": {"nodes": "0", "schedule": "0 0 * * *"}}),
            f"{_FIELD}.disruption_budgets.night.duration_minutes",
            "None",
            "must be set with schedule",
        ),
        (
            "production",
            put(f"{_EXECUTORS}/disruption_budgets", {"night": {"nodes": "half"}}),
            f"{_FIELD}.disruption_budgets.night.nodes",
            "half",
            "",
        ),
        (
            "dev",
            put("node_pools/spark-intel", _INTEL_POOL),
            "node_pools.spark-intel",
            "spark-intel",
            "must not have the name of a node group",
        ),
    )
]
