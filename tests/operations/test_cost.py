"""docs/operations/cost.md: what the stacks' nodes come to, and what each lever saves, are what the program says now."""

import re
from collections.abc import Callable, Mapping

import pytest

from components.monitoring.settings import MonitoringSettings
from offline.diff.cost import MonthlyCost, monthly_cost
from tests.operations.pages import ROOT
from tests.stack_files import ENVIRONMENTS, Tree, settings

PAGE = (ROOT / "docs" / "operations" / "cost.md").read_text()


def sizes_to_none(*groups: str) -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        for each in groups:
            tree["node_groups"][each]["size"] = 0

    return change


def half_limits(tree: Tree) -> None:
    for pool in tree["node_pools"].values():
        pool["limits"] = {name: amount // 2 for name, amount in pool["limits"].items()}


def without_intel_executors(tree: Tree) -> None:
    del tree["node_groups"]["executor-intel"], tree["node_pools"]["elastic-executors-intel"]


def without_celeborn(tree: Tree) -> None:
    tree["shuffle"]["celeborn"] = None
    del tree["node_groups"]["shuffle"]


def monitoring(**values: object) -> Callable[[Tree], None]:
    assert values.keys() <= MonitoringSettings.model_fields.keys()
    return lambda tree: tree.setdefault("monitoring", {}).update(values)


# First words of a row -> the stack, and the change that the row tells of.
LEVERS: Mapping[str, tuple[str, Callable[[Tree], None]]] = {
    "production's pools at half their limits": ("production", half_limits),
    "production buys no Intel executors": ("production", without_intel_executors),
    "production's executors only from pools": ("production", sizes_to_none("executor-intel", "executor-graviton")),
    "production without Celeborn": ("production", without_celeborn),
    "production scrapes every 60 seconds": ("production", monitoring(scrape_interval_seconds=60)),
    "dev's Spark nodes only from pools": ("dev", sizes_to_none("spark-intel", "spark-graviton")),
    "staging keeps metrics in the cluster": ("staging", monitoring(storage="in-cluster")),
}


def cost(stack: str, change: Callable[[Tree], object] = lambda _: None) -> MonthlyCost:
    """Of nodes and metrics alone: what else stands is no lever of this page."""
    return monthly_cost(settings(stack, change), ())


def rows(mark: str) -> dict[str, list[str]]:
    """First cell to the others of a marked table."""
    part = PAGE.split(f"<!-- {mark} -->")[1].split(f"<!-- end of {mark} -->")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.strip().splitlines()[2:]]
    return {first: others for first, *others in cells}


def test_nodes_cost_what_the_page_says() -> None:
    found = {each: cost(each) for each in ENVIRONMENTS}
    assert rows("nodes") == {name: [f"{each.standing:,.0f}", f"{each.most:,.0f}"] for name, each in found.items()}


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_saves_what_the_page_says(lever: str) -> None:
    stack, change = LEVERS[lever]
    before, after = cost(stack), cost(stack, change)
    _, standing, most, _ = rows("levers")[lever]
    assert standing == f"{before.standing - after.standing:,.0f}"
    assert most == f"{before.most - after.most:,.0f}"


def test_the_page_has_these_levers_and_the_dearest_first() -> None:
    table = rows("levers")
    assert table.keys() == LEVERS.keys()
    savings = [max(int(re.sub(",", "", each)) for each in cells[1:3]) for cells in table.values()]
    assert savings == sorted(savings, reverse=True)
