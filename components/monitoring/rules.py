"""The alert rules: the same files for Prometheus in the cluster and for the managed workspace.

What a rule compares with that differs by environment is not written into its file: it is recorded as a metric by a
rule made here from settings, and the alert joins it. So every environment runs the very files that the tests judge.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

import yaml

from components.monitoring.workloads import FILES
from components.network.capacity import blocks_of_subnet

RULE_FILES = tuple(sorted((FILES / "rules").glob("*.yaml")))
# Name of the file that holds the recorded address plan; no file of the repository may have it.
ADDRESS_PLAN = "address-plan.yaml"
ADDRESS_BLOCKS = "moka_zone_address_blocks"


def address_plan(zones: Mapping[str, IPv4Network]) -> dict[str, Any]:
    """Rules that record how many /28 blocks of addresses the subnet of each zone can hand out.

    Args:
        zones: availability zone name to its block for nodes and pods.

    Source: Prometheus documentation, "Defining recording rules"; `network/capacity.py` for the count.
    """
    rules = [
        {"record": ADDRESS_BLOCKS, "expr": f"vector({blocks_of_subnet(block)})", "labels": {"zone": zone}}
        for zone, block in sorted(zones.items())
    ]
    return {"groups": [{"name": "moka-address-plan", "rules": rules}]}


def rule_documents(zones: Mapping[str, IPv4Network]) -> dict[str, str]:
    """Every rule file as Prometheus reads it: file name to YAML.

    Args:
        zones: availability zone name to its block for nodes and pods.
    """
    files = {file.name: file.read_text(encoding="utf-8") for file in RULE_FILES}
    return files | {ADDRESS_PLAN: yaml.safe_dump(address_plan(zones), sort_keys=False)}
