"""Prices are those of one Region of the controller's table."""

import pytest

from local_cluster.controllers.prices import on_demand_prices

TABLE = """\
var InitialOnDemandPricesAWS = map[string]map[ec2types.InstanceType]float64{
\t// us-east-1
\t"us-east-1": {
\t\t// m7gd family
\t\t"m7gd.2xlarge": 0.427100, "m7gd.4xlarge": 0.854300,
\t\t"m7gd.metal": 3.417100,
\t},
\t// us-west-2
\t"us-west-2": {
\t\t"m7gd.2xlarge": 0.430000,
\t},
}
"""


def test_a_price_is_that_of_the_region_that_is_asked_for() -> None:
    assert on_demand_prices(TABLE, "us-east-1") == {
        "m7gd.2xlarge": 0.4271,
        "m7gd.4xlarge": 0.8543,
        "m7gd.metal": 3.4171,
    }
    assert on_demand_prices(TABLE, "us-west-2") == {"m7gd.2xlarge": 0.43}


def test_a_region_without_prices_is_named_with_those_that_have_some() -> None:
    with pytest.raises(ValueError, match="no Region eu-moon-1; it has us-east-1, us-west-2"):
        on_demand_prices(TABLE, "eu-moon-1")
