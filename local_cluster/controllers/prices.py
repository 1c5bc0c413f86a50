"""What Amazon EC2 asks for instances on demand, as the deployed controller is built with.

Spot prices are asked of EC2 by a running controller, and nobody is asked here: a spot instance costs the part of the
on-demand price that Karpenter's own examples of instance types reckon with. Only the order between types matters.

Source: aws/karpenter-provider-aws v1.14.1, pkg/providers/pricing/zz_generated.pricing_aws.go; kubernetes-sigs/karpenter
v1.14.1, kwok/tools/gen_instance_types.go.
"""

import re
from collections.abc import Mapping

SPOT_PART = 0.7

_REGION = re.compile(r'^\t"(?P<region>[a-z0-9-]+)": \{$', re.MULTILINE)
_PRICE = re.compile(r'"(?P<type>[\w.-]+)": (?P<price>\d+\.\d+)')


def on_demand_prices(text: str, region: str) -> Mapping[str, float]:
    """Instance type to its price in dollars an hour.

    Args:
        text: the controller's table, a source of Go.
        region: such as us-east-1.

    Raises:
        ValueError: when the table has no such Region.
    """
    starts = {each["region"]: each.end() for each in _REGION.finditer(text)}
    if region not in starts:
        raise ValueError(f"the table of prices has no Region {region}; it has {', '.join(starts)}")
    end = min((start for start in starts.values() if start > starts[region]), default=len(text))
    return {each["type"]: float(each["price"]) for each in _PRICE.finditer(text, starts[region], end)}
