"""The dashboards as files: Grafana's schema, what all of them share, and that every query finds something."""

import copy
import json
import re
from itertools import pairwise
from typing import Any

import pytest

from components.monitoring.grafana import DASHBOARD_FILES
from tests.components.monitoring.dashboard_schema import schema_problems
from tests.components.monitoring.known_metrics import unknown_labels, unknown_metrics
from tests.components.monitoring.promql import VARIABLE, Selector, parse, selectors

DASHBOARDS: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text()) for file in DASHBOARD_FILES}
PANELS = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# A ConfigMap holds at most 1 MiB.
CONFIG_MAP_BYTES = 1024 * 1024


@pytest.fixture(params=DASHBOARDS)
def dashboard(request: pytest.FixtureRequest) -> dict[str, Any]:
    return DASHBOARDS[request.param]


def variables(dashboard: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in dashboard["templating"]["list"]}


def test_there_is_a_dashboard_for_each_question() -> None:
    assert DASHBOARDS.keys() == {
        "environment-overview",
        "spark-application",
        "architectures",
        "logging-pipeline",
        "control-plane",
        "capacity",
        "telemetry-cost",
    }


def test_a_dashboard_is_what_grafanas_schema_allows(dashboard: dict[str, Any]) -> None:
    assert schema_problems(dashboard) == []


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "refreshh", "1m"),
        ((), "refresh", 60),
        (("panels", 1), "gridPoz", {}),
        (("panels", 1, "fieldConfig", "defaults"), "unitt", "bytes"),
        (("panels", 1, "fieldConfig", "defaults"), "decimals", "two"),
        (("panels", 1, "targets", 0), "exprr", "up"),
        (("panels", 1, "targets", 0), "expr", 1),
        (("templating", "list", 0), "queryy", "prometheus"),
        ((), "graphTooltip", 7),
        (("panels", 1, "options"), "colorMode", "rainbow"),
        (("templating", "list", 0), "hide", 9),
    ],
)
def test_the_schema_refuses_keys_types_and_values_that_grafana_does_not_know(
    path: tuple[str | int, ...], key: str, value: object
) -> None:
    broken: Any = copy.deepcopy(DASHBOARDS["environment-overview"])
    place = broken
    for step in path:
        place = place[step]
    place[key] = value
    assert len(schema_problems(broken)) == 1


def test_dashboards_share_what_makes_them_one_set(dashboard: dict[str, Any]) -> None:
    assert dashboard["uid"].startswith("moka-")
    assert dashboard["description"].endswith(".")
    assert dashboard["tags"] == ["moka"]
    assert (dashboard["timezone"], dashboard["refresh"], dashboard["editable"]) == ("utc", "1m", False)
    (link,) = dashboard["links"]
    assert (link["type"], link["tags"], link["keepTime"]) == ("dashboards", ["moka"], True)
    first = dashboard["templating"]["list"][0]
    assert (first["name"], first["type"], first["query"]) == ("datasource", "datasource", "prometheus")


def test_the_file_is_written_as_its_data_is_so_that_changes_read_well() -> None:
    for file in DASHBOARD_FILES:
        assert file.read_text() == json.dumps(json.loads(file.read_text()), indent=2) + "\n", file.name


def test_dashboards_fit_into_one_config_map() -> None:
    assert sum(len(file.read_bytes()) for file in DASHBOARD_FILES) < CONFIG_MAP_BYTES * 3 // 4


def test_panels_do_not_overlap_and_rows_leave_no_gap(dashboard: dict[str, Any]) -> None:
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    cells = [
        (x, y)
        for panel in dashboard["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert all(below - above <= 1 for above, below in pairwise(sorted({y for _, y in cells})))


def test_titles_are_unique_within_a_dashboard_and_ids_among_all(dashboard: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in dashboard["panels"] if panel["type"] != "row"]
    assert len(set(titles)) == len(titles)
    assert len({each["uid"] for each in DASHBOARDS.values()}) == len(DASHBOARDS)


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_says_what_it_shows_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"] == SOURCE
    assert panel["targets"]
    for target in panel["targets"]:
        assert target["datasource"] == SOURCE
        assert target["legendFormat"]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_asks_for_metrics_and_labels_that_somebody_emits(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        assert unknown_metrics(target["expr"]) == set()
        assert unknown_labels(target["expr"]) == []


@pytest.mark.parametrize("panel", PANELS)
def test_a_legend_names_labels_that_the_query_leaves(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        for label in target["legendFormat"].split("{{")[1:]:
            grouped = f"max by ({label.partition('}}')[0]}) ({target['expr']})"
            assert unknown_labels(grouped) == []


def test_variables_are_used_and_defined(dashboard: dict[str, Any]) -> None:
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    asked = [each["query"]["query"] for each in variables(dashboard).values() if each["type"] == "query"]
    used = {name.strip("${}") for text in (*queries, *asked, SOURCE["uid"]) for name in VARIABLE.findall(text)}
    assert used == set(variables(dashboard))


def test_variables_take_their_values_from_metrics_that_somebody_emits(dashboard: dict[str, Any]) -> None:
    for variable in variables(dashboard).values():
        if variable["type"] == "query":
            selected, _, label = variable["query"]["query"].removeprefix("label_values(")[:-1].rpartition(", ")
            assert unknown_metrics(selected) == set()
            assert unknown_labels(f"count by ({label}) ({selected})") == []


def test_an_application_is_chosen_by_its_id_in_every_query_of_its_dashboard() -> None:
    for panel in DASHBOARDS["spark-application"]["panels"]:
        for target in panel.get("targets", []):
            matchers = [matcher for each in selectors(parse(target["expr"])) for matcher in each.matchers]
            assert any("$application" in value for _, _, value in matchers), panel["title"]


def tells_of_applications(selector: Selector) -> bool:
    """Whether a selector's series are those of applications: of Spark's own metrics, or of pods that Spark labels."""
    labels = {label for label, _, _ in selector.matchers}
    return (selector.name or "").startswith(("metrics_executor_", "spark_")) or bool(
        labels & {"label_spark_role", "label_spark_app_selector", "spark_app_id"}
    )


@pytest.mark.parametrize("name", ["spark-application", "environment-overview"])
def test_a_team_is_chosen_in_every_query_on_applications(name: str) -> None:
    asked = [
        each
        for panel in DASHBOARDS[name]["panels"]
        for target in panel.get("targets", [])
        for each in selectors(parse(target["expr"]))
        if tells_of_applications(each)
    ]
    assert len(asked) >= 9
    for each in asked:
        assert ("namespace", "Re", "$team") in each.matchers, each


def test_a_team_is_chosen_by_its_name_and_all_are_shown_before() -> None:
    for name in ("spark-application", "environment-overview"):
        variable = variables(DASHBOARDS[name])["team"]
        assert (variable["current"]["value"], variable["allValue"]) == ("$__all", ".*")
        assert variable["includeAll"] is True
        pattern = re.compile(variable["regex"].strip("/").replace("(?<", "(?P<"))
        for namespace, text in (("spark-analytics", "analytics"), ("spark-ads-batch", "ads-batch"), ("jobs", "jobs")):
            match = pattern.fullmatch(namespace)
            assert match
            assert (match["value"], match["text"]) == (namespace, text)
    asked = variables(DASHBOARDS["spark-application"])["application"]["query"]["query"]
    assert 'namespace=~"$team"' in asked, "a team's applications are offered, and no others"


def test_no_price_is_made_up() -> None:
    prices = {
        name: each["query"]
        for dashboard in DASHBOARDS.values()
        for name, each in variables(dashboard).items()
        if "price" in name
    }
    assert prices == {"amd64_price": "1", "arm64_price": "1", "price": "0"}
