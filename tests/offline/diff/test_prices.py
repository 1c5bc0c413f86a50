"""The table of EC2 prices, and how it is made of Karpenter's file."""

import pytest

from components.charts.versions import KARPENTER
from offline.diff.prices import TABLE, ec2_hour, origin
from tools.ec2_prices import written

SOURCE = """
package pricing

// generated at 2026-07-06T14:20:29Z for us-east-1

var InitialOnDemandPricesAWS = map[string]map[ec2types.InstanceType]float64{
	"us-east-1": {
		// m7g family
		"m7g.large": 0.081600, "m7g.xlarge": 0.163200,
		"p5.48xlarge": 55.040000, "no-such.type": 1.000000,
	},
}
"""


def test_types_that_settings_may_name_are_taken_with_day_and_region() -> None:
    assert written(SOURCE).splitlines() == [
        f"# On-demand prices of us-east-1 on 2026-07-06, in US dollars an hour: Karpenter v{KARPENTER.version}.",
        "# Made by make facts.",
        "m7g.large,0.0816",
        "m7g.xlarge,0.1632",
    ]


def test_a_file_without_its_day_is_refused() -> None:
    with pytest.raises(ValueError, match=r"pricing_aws\.go does not say when it was generated"):
        written(SOURCE.replace("generated at", "made at"))


def test_the_table_is_of_the_karpenter_that_runs() -> None:
    assert TABLE.read_text(encoding="utf-8").splitlines()[0].endswith(f": Karpenter v{KARPENTER.version}."), (
        "run make facts"
    )
    assert len(ec2_hour()) > 500
    assert origin().startswith("On-demand prices of us-east-1 on 20")
