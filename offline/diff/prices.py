"""What AWS bills by the hour or month for what stands in an environment: list prices of one Region, with their date.

In US dollars, on demand, before discounts and taxes; other Regions have other prices. Leaves out what is billed by use:
requests, traffic, log lines, samples.

Source: EC2's stand in a table that `make facts` takes from Karpenter's release (tools/ec2_prices.py). The others are
those of AWS's pricing pages as third parties quoted them in 2026, because the pages build their tables in the browser:
https://aws.amazon.com/eks/pricing/, /vpc/pricing/, /privatelink/pricing/, /ebs/pricing/, /kms/pricing/.
"""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "files" / "ec2_on_demand.csv"
# AWS's own calculator counts a month so.
HOURS_A_MONTH = 730

CLUSTER_HOUR = 0.10
NAT_GATEWAY_HOUR = 0.045
PUBLIC_ADDRESS_HOUR = 0.005
# Of an interface endpoint, in each zone.
INTERFACE_ENDPOINT_HOUR = 0.01
GP3_GIB_MONTH = 0.08
KEY_MONTH = 1.00


@cache
def ec2_hour() -> dict[str, float]:
    """Instance type to its price for an hour of Linux, without types that came after the table was made."""
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: float(price) for name, _, price in (line.partition(",") for line in lines)}


@cache
def origin() -> str:
    """Of which Region and day the table's prices are, in words."""
    first, *_ = TABLE.read_text(encoding="utf-8").splitlines()
    return first.removeprefix("# ").split(", in US dollars")[0]
