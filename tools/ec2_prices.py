"""Makes the table of EC2 on-demand prices that an estimate of cost reads, from what Karpenter's release carries.

`python -m tools.ec2_prices` writes it; `make facts` runs it. Karpenter's maintainers ask AWS's Price List API before
each release and keep the answer, for clusters that can't ask themselves. It has one Region's prices, us-east-1.
Leaves out types that no settings may name.

Source: aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go.
"""

import json
import re
from pathlib import Path

from components.charts.versions import KARPENTER
from components.cluster.instance_type import known_types
from offline.diff.prices import TABLE
from offline.go_toolchain import find_go, run_go
from offline.progress import say
from offline.tool_cache import cache_directory

MODULE = "github.com/aws/karpenter-provider-aws"
FILE = Path("pkg/providers/pricing/zz_generated.pricing_aws.go")
_GENERATED = re.compile(r"^// generated at (\S+)T\S+ for (\S+)$", re.MULTILINE)
_PRICE = re.compile(r'"([a-z0-9-]+\.[a-z0-9-]+)": ([0-9.]+)')


def written(source: str) -> str:
    """The table as its file holds it.

    Args:
        source: Karpenter's file.

    Raises:
        ValueError: when the file does not say when and for which Region it was made.
    """
    generated = _GENERATED.search(source)
    if generated is None:
        raise ValueError(f"{MODULE} v{KARPENTER.version}: {FILE} does not say when it was generated")
    date, region = generated.groups()
    prices = {name: float(price) for name, price in _PRICE.findall(source) if name in known_types()}
    head = f"# On-demand prices of {region} on {date}, in US dollars an hour: Karpenter v{KARPENTER.version}.\n"
    return head + "# Made by make facts.\n" + "".join(f"{name},{prices[name]:g}\n" for name in sorted(prices))


def main() -> None:
    """Write the file."""
    cache, module = cache_directory(), f"{MODULE}@v{KARPENTER.version}"
    go = find_go(cache, Path("tools/karpenter"), say)
    answer = run_go([go, "mod", "download", "-json", module], cache, f"downloading {module}")
    TABLE.write_text(written((Path(json.loads(answer)["Dir"]) / FILE).read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
