"""Every field is changed in an environment that runs: the preview says what the field says, and the change converges.

Fields are taken in two halves, so that two processes share the work. In each half every field is previewed alone from
the settings that run, then all of them are deployed together, each is previewed alone on its way back, and all go back.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from components.rules.changes import rules_of_changes
from components.settings import Settings
from offline.errors import OfflineError
from tests.drill.environment import STACK, Environment, drill_settings, mismatch
from tests.drill.fields import Changes, Place, changed, loads, other_values, places
from tests.drill.values import NEVER_CHANGED

BASE = drill_settings()
PLACES = [each for each in places(BASE) if each.pattern not in NEVER_CHANGED]
HALVES = (PLACES[::2], PLACES[1::2])


def refusals(old: Changes, new: Changes) -> list[str]:
    """Fields that refuse to go from some changes of the drill's settings to others."""
    before, after = changed(BASE, old), changed(BASE, new)
    return [each.field for each in rules_of_changes(Settings, before, after)]


def accepting(old: Changes, new: Changes) -> Changes:
    """The new changes, with every loss of data accepted that accepting allows."""
    lossy = {**new, "accept_loss": sorted(set(refusals(old, new)))}
    return new if refusals(old, lossy) or not lossy["accept_loss"] else lossy


def test_only_what_makes_another_environment_is_left_out() -> None:
    left_out = {each.pattern: each for each in places(BASE) if each.pattern in NEVER_CHANGED}
    assert set(left_out) == set(NEVER_CHANGED)
    assert {each.on_change.always.effect for each in left_out.values()} == {"impossible"}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_field_has_another_value_that_loads(place: Place) -> None:
    other_values(place, STACK, BASE)


@pytest.mark.drill
@pytest.mark.parametrize("half", HALVES, ids=("first", "second"))
@hypothesis_settings(
    max_examples=1,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_field_does_what_it_says_and_so_does_its_way_back(
    half: list[Place], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    environment = Environment(tmp_path_factory.mktemp("drill"))
    drawn = {each: data.draw(other_values(each, STACK, BASE), label=each.pattern) for each in half}
    wrong = [judged(environment, each, {}, new) for each, new in drawn.items()]
    together = compatible(drawn)
    assert not environment.deployed(accepting({}, together)).has_changes
    for each, new in drawn.items():
        if each.path in together:
            way_back = {path: value for path, value in together.items() if path not in new}
            wrong.append(judged(environment, each, together, way_back))
    assert not list(filter(None, wrong))
    if not refusals(together, accepting(together, {})):
        assert not environment.deployed(accepting(together, {})).has_changes


def judged(environment: Environment, place: Place, old: Changes, new: Changes) -> str:
    """What is wrong with a field's change, previewed alone: its refusal, or what the engine shows."""
    wanted = accepting(old, new)
    refused = refusals(old, wanted)
    try:
        summary = environment.previewed(wanted)
    except OfflineError as error:
        missing = [field for field in refused if field not in str(error)]
        return f"{place.pattern} is refused otherwise: {error}" if missing or not refused else ""
    if refused:
        return f"{place.pattern} says that it refuses {wanted}, but the engine goes on"
    return mismatch(place, old.get(place.path, place.value), new.get(place.path, place.value), summary)


def compatible(drawn: Mapping[Place, Changes]) -> dict[str, Any]:
    """As many of the changes as go together: they load, and none is refused."""
    together: dict[str, Any] = {}
    for new in drawn.values():
        more = {**together, **new}
        if loads(STACK, BASE, more) and not refusals({}, accepting({}, more)):
            together = more
    return together
