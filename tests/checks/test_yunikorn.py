"""YuniKorn's own code judges the queue file that settings make, and says where each namespace's pods go."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.rules.queues import rules_of_queues
from components.scheduler.queue_file import queue_file, queue_path
from components.scheduler.settings import ParentQueueSettings, QueueSettings, SchedulerSettings
from components.teams.names import namespace_of
from offline.checks.yunikorn.judge import QueueFileJudge
from offline.checks.yunikorn.program import verdict
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN
from tests.checks.mistakes_yunikorn import QUEUES, YUNIKORN_MISTAKES
from tests.checks.planted import Planted, planted_in
from tests.components.scheduler.queues import TEAMS, amount, build, names, queue

JUDGE = QueueFileJudge()
PLENTY = (10**9, 10**9)

amounts = st.tuples(st.integers(1, 500), st.integers(1, 2000))
queues = st.builds(
    lambda maximum, share, weight, parent, limit: queue(
        maximum,
        tuple(max(1, each // share) for each in maximum) if share else None,  # type: ignore[arg-type]
        weight=1 if share else weight,
        parent=parent,
        running_applications=limit,
    ),
    amounts,
    st.sampled_from([0, 0, 1, 3]),
    st.sampled_from([1, 1, 7]),
    st.sampled_from([None, None, "up", "down"]),
    st.sampled_from([None, 5]),
)
optional_amounts = st.none() | amounts.map(lambda each: amount(*each))


@st.composite
def trees(draw: st.DrawFn) -> tuple[SchedulerSettings, dict[str, QueueSettings]]:
    """Settings and teams that no rule forbids."""
    teams = draw(st.dictionaries(names, queues, max_size=6))
    parents = {
        each.parent: ParentQueueSettings(guaranteed=draw(optional_amounts)) for each in teams.values() if each.parent
    }
    made = SchedulerSettings(guaranteed=draw(optional_amounts), parents=parents)
    broken = list(rules_of_queues(made, teams, PLENTY))
    if broken:
        # Without numbers for levels, and weights that part them, little is left to contradict.
        made = SchedulerSettings(parents={name: ParentQueueSettings() for name in parents})
        teams = {name: each.model_copy(update={"weight": 1}) for name, each in teams.items()}
    return made, teams


@settings(max_examples=40)
@given(trees())
def test_what_the_rules_let_through_yunikorn_takes_and_every_team_gets_its_own_queue(
    tree: tuple[SchedulerSettings, dict[str, QueueSettings]],
) -> None:
    made, teams = tree
    assert list(rules_of_queues(made, teams, PLENTY)) == []
    said = verdict(queue_file(made, teams), (*map(namespace_of, teams), "elsewhere", "default", "root"))
    assert (said.refused, said.ignored) == ("", ())
    assert said.placed == {
        **{namespace_of(team): queue_path(team, each) for team, each in teams.items()},
        "elsewhere": "",
        "default": "",
        "root": "",
    }


def refused(made: SchedulerSettings, teams: dict[str, QueueSettings]) -> str:
    """Why YuniKorn does not take the file of queues that a rule forbids."""
    assert list(rules_of_queues(made, teams, PLENTY)), "no rule forbids it"
    return verdict(queue_file(made, teams)).refused


def test_what_the_rules_forbid_because_yunikorn_would_refuse_it_is_refused_indeed() -> None:
    def research(**limits: Any) -> SchedulerSettings:
        return SchedulerSettings(parents={"research": ParentQueueSettings(**limits)})

    teams = {name: queue((20, 20), (6, 6), parent="research") for name in ("lab", "ml")}
    assert "is smaller than maximum resource" in refused(research(maximum=amount(19, 20)), teams)
    assert "is smaller than sum of guaranteed resources" in refused(research(guaranteed=amount(11, 20)), teams)
    small = {name: each.model_copy(update={"maximum": amount(10, 10)}) for name, each in teams.items()}
    assert "is larger than maximum resource" in refused(research(maximum=amount(11, 20)), small)
    clash = {"ads": queue(), "etl": queue(parent="spark-ads")}
    assert "duplicate child name" in refused(SchedulerSettings(parents={"spark-ads": ParentQueueSettings()}), clash)


def resources() -> list[Resource]:
    """What the component makes, and the teams' namespaces."""
    made = [Resource(f"urn:pulumi:dev::moka::{each.type}::{each.name}", each.inputs) for each in build().registrations]
    return [*made, *(namespace(namespace_of(team)) for team in TEAMS)]


def namespace(name: str) -> Resource:
    """A namespace of the stack."""
    content = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    return Resource(f"urn:pulumi:dev::moka::kubernetes:core/v1:Namespace::{name}", content)


def findings(found: list[Resource]) -> list[str]:
    """What the judge says."""
    alone = [each for resource in found for each in JUDGE.inspect(resource)]
    return [str(each) for each in [*alone, *JUDGE.inspect_together(found)]]


def test_the_components_own_file_has_no_mistake() -> None:
    assert findings(resources()) == []


@pytest.mark.parametrize("mistake", YUNIKORN_MISTAKES, ids=str)
def test_a_planted_mistake_is_refused_at_its_place(mistake: Planted) -> None:
    changed = planted_in(resources(), mistake, copy.deepcopy)
    (target,) = (each for each in changed if (each.type, each.name) == QUEUES)
    found = list(JUDGE.inspect(target))
    assert [each.property for each in found][:1] == [mistake.place], found
    assert mistake.says in str(found[0])


def test_a_namespace_whose_pods_yunikorn_takes_has_a_queue() -> None:
    pattern = "admissionController.filtering.processNamespaces"

    def filtered(**patterns: str) -> list[Resource]:
        found = copy.deepcopy(resources())
        (config_map,) = (each for each in found if (each.type, each.name) == QUEUES)
        config_map.inputs["data"].pop(pattern)
        config_map.inputs["data"] |= patterns
        return found

    said = findings([*filtered(**{pattern: "^spark-"}), namespace("spark-new"), namespace("monitoring")])
    assert len(said) == 1
    assert "spark-new" in said[0]
    assert "has no queue" in said[0]
    said = findings([*filtered(), namespace("kube-system")])
    assert [each.split(",")[0].rpartition(" ")[2] for each in said] == ["yunikorn-namespace"]


def test_other_config_maps_and_files_that_are_not_known_yet_are_left_alone() -> None:
    def config_map(name: str, file: str) -> Resource:
        content = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"queues.yaml": file}}
        return Resource("urn:pulumi:dev::moka::kubernetes:core/v1:ConfigMap::one", content)

    assert findings([config_map("others", "- no: queue file")]) == []
    assert findings([config_map("yunikorn-configs", UNKNOWN)]) == []
    assert len(findings([config_map("yunikorn-defaults", "- no: queue file")])) == 1
