"""Where charts come from: the stack's settings, else what the run names, else the projects' registries."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.charts.settings import ChartsSettings, with_mirror
from components.charts.versions import KARPENTER, KARPENTER_CRD, SPARK_OPERATOR

MIRROR = "/srv/charts"


@pytest.mark.parametrize("mirror", [None, "oci://registry.internal/charts", "/srv/charts"])
def test_a_mirror_is_a_registry_a_directory_or_none(mirror: str | None) -> None:
    assert ChartsSettings(mirror=mirror).mirror == mirror


@pytest.mark.parametrize("mirror", ["charts", "./charts", "https://charts.internal", "oci://"])
def test_anything_else_is_refused_with_what_to_write(mirror: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ChartsSettings(mirror=mirror)
    (violation,) = refused.value.errors()[0].get("ctx", {})["violations"]
    assert (violation.field, violation.value) == ("mirror", mirror)
    assert "oci://registry.internal/charts" in violation.fix


@pytest.mark.parametrize("charts", [{}, {"charts": None}, {"charts": {}}, {"charts": {"mirror": None}}])
def test_a_runs_own_mirror_stands_where_the_settings_name_none(charts: dict[str, Any]) -> None:
    document = json.dumps({"name": "dev", **charts})
    assert json.loads(with_mirror(document, MIRROR)) == {"name": "dev", "charts": {"mirror": MIRROR}}
    assert with_mirror(document, None) == document


@pytest.mark.parametrize(
    "document",
    ['{"charts": {"mirror": "oci://registry.internal/charts"}}', '{"charts": "here"}', '["no", "settings"]', "no JSON"],
)
def test_what_the_settings_say_stays_right_or_wrong(document: str) -> None:
    assert with_mirror(document, MIRROR) == document


def test_karpenters_definitions_are_of_its_version() -> None:
    assert KARPENTER_CRD.version == KARPENTER.version


def test_versions_are_exact() -> None:
    for chart in (KARPENTER, KARPENTER_CRD, SPARK_OPERATOR):
        assert [part.isdigit() for part in chart.version.split(".")] == [True, True, True]
