"""What metrics cost as a function of nodes, pods and executors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.monitoring.cardinality import AGENT_CONTAINERS, AGENT_PODS, Cardinality, NodeScale
from components.monitoring.cost_table import BEGIN, END, with_tables
from components.monitoring.price import ingestion_dollars, monthly_dollars
from components.monitoring.sources import SOURCES, UNITS, Unit
from components.settings import STACKS

DOCUMENT = STACKS.parent / "docs" / "metrics-cost.md"
EXECUTORS = NodeScale(400, vcpus=32, max_pods=42, executors=True)


def metrics(*groups: NodeScale, interval: int = 30, lifetime: int = 120) -> Cardinality:
    return Cardinality.of(groups, interval, lifetime)


def cost(unit: Unit) -> float:
    return sum(source.series_a(unit) for source in SOURCES)


def test_a_node_more_adds_what_its_node_cores_pods_and_executors_tell() -> None:
    more = NodeScale(401, vcpus=32, max_pods=42, executors=True)
    added = metrics(more).series - metrics(EXECUTORS).series
    containers = 42 + AGENT_CONTAINERS - AGENT_PODS
    expected = (
        cost("node") + 32 * cost("core") + 42 * cost("pod") + containers * cost("container") + 32 * cost("executor")
    )
    assert added == pytest.approx(expected, abs=1)


def test_a_spark_pod_takes_a_vcpu_and_a_place_that_no_agent_has() -> None:
    assert metrics(NodeScale(1, vcpus=32, max_pods=16, executors=True)).units["executor"] == 16 - AGENT_PODS
    assert metrics(NodeScale(1, vcpus=4, max_pods=110, executors=True)).units["executor"] == 4
    assert metrics(NodeScale(1, vcpus=4, max_pods=110)).units["executor"] == 0


def test_drivers_have_nodes_of_their_own_or_share_with_executors() -> None:
    assert metrics(NodeScale(10, vcpus=16, max_pods=58, drivers=True)).units["driver"] == 160
    assert metrics(NodeScale(10, vcpus=16, max_pods=58, drivers=True, executors=True)).units["driver"] == 10


def test_pods_that_ended_stay_in_memory_for_three_hours_and_are_billed_for_two() -> None:
    short, long = metrics(EXECUTORS, lifetime=60), metrics(EXECUTORS, lifetime=1440)
    assert short.series == long.series
    assert short.head_series - short.series == pytest.approx(3 * short.short_lived_series, abs=1)
    assert short.active_series - short.series == pytest.approx(2 * short.short_lived_series, abs=1)
    assert long.memory_gib < short.memory_gib


def test_agents_live_as_long_as_their_nodes() -> None:
    only_agents = NodeScale(100, vcpus=2, max_pods=AGENT_PODS)
    assert metrics(only_agents).short_lived_series == 0
    assert metrics(only_agents).head_series == metrics(only_agents).series


def test_half_the_pace_halves_samples_and_leaves_series() -> None:
    fast, slow = metrics(EXECUTORS, interval=30), metrics(EXECUTORS, interval=60)
    assert slow.samples_a_second == fast.samples_a_second / 2
    assert slow.memory_gib == fast.memory_gib
    assert slow.disk_gib(15) < fast.disk_gib(15)


@given(st.integers(1, 450), st.integers(16, 250), st.integers(2, 192))
def test_more_of_anything_never_costs_less(nodes: int, pods: int, processors: int) -> None:
    base = metrics(NodeScale(nodes, processors, pods, executors=True))
    for larger in (
        NodeScale(nodes + 1, processors, pods, executors=True),
        NodeScale(nodes, processors + 1, pods, executors=True),
        NodeScale(nodes, processors, pods + 1, executors=True),
    ):
        assert metrics(larger).head_series > base.head_series
        assert metrics(larger).memory_gib > base.memory_gib


def test_an_executor_costs_less_than_fifty_series() -> None:
    assert cost("pod") + cost("container") + cost("executor") < 50


def test_prices_fall_with_the_number_of_samples() -> None:
    assert ingestion_dollars(2e9) == pytest.approx(180)
    assert ingestion_dollars(252e9) == pytest.approx(180 + 8750)
    assert ingestion_dollars(352e9) == pytest.approx(180 + 8750 + 1600)


def test_a_month_is_billed_for_samples_and_for_what_is_kept() -> None:
    month = metrics(EXECUTORS)
    assert monthly_dollars(month) > ingestion_dollars(month.samples_a_second * 30 * 86_400)


def test_the_document_has_the_tables_of_the_model() -> None:
    text = DOCUMENT.read_text()
    assert with_tables(text) == text, "run: python -m components.monitoring.cost_table docs/metrics-cost.md"


def test_the_document_tells_of_every_source() -> None:
    table = DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]
    for source in SOURCES:
        assert f"| {source.job} | {source.program} |" in table
    assert all(f"a {unit}" in table for unit in UNITS)


def test_a_document_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks"):
        with_tables("# What metrics cost\n")
