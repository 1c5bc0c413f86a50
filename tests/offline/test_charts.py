"""The charts that the offline cloud has: those of the table, in its versions, as their projects release them."""

from pathlib import Path

import pytest
import yaml

from components.charts.chart import Chart
from components.charts.release import chart_place
from components.charts.settings import ChartsSettings
from components.charts.versions import KARPENTER, KARPENTER_CRD, SPARK_OPERATOR
from offline.charts import CHARTS, find_charts, pinned_version
from offline.errors import MissingToolError
from offline.progress import silent

TABLE = (KARPENTER, KARPENTER_CRD, SPARK_OPERATOR)


@pytest.mark.parametrize("chart", TABLE, ids=lambda chart: chart.name)
def test_it_has_every_chart_of_the_table_in_its_version(chart: Chart) -> None:
    place, _ = chart_place(chart, ChartsSettings(mirror=str(find_charts(silent))))
    about = yaml.safe_load((Path(place) / "Chart.yaml").read_text())
    assert (about["name"], about["version"], about["appVersion"]) == (chart.name, chart.version, chart.version)
    assert pinned_version(next(each.module for each in CHARTS if each.name == chart.name)) == chart.version


def test_the_table_has_every_chart_that_is_carried() -> None:
    assert {each.name for each in CHARTS} == {each.name for each in TABLE}


def test_karpenters_image_is_of_its_own_version_and_not_of_the_one_that_its_sources_still_name() -> None:
    values = yaml.safe_load((find_charts(silent) / "karpenter" / "values.yaml").read_text())
    assert values["controller"]["image"]["tag"] == KARPENTER.version
    assert values["controller"]["image"]["digest"] == "", "a digest of another version would be another image"


def test_what_is_not_pinned_is_an_error_that_names_the_file() -> None:
    with pytest.raises(MissingToolError, match=r"tools/charts/go\.mod pins no github\.com/none/such"):
        pinned_version("github.com/none/such")
