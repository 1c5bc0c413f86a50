"""Every field is changed in an environment that runs: the preview says what the field says, and the change converges.

Fields are taken in two halves, so that two processes share the work. In each half every field is previewed from the
settings that run. Then those that may be carried out are deployed, as many at once as go together, each is previewed on
its way back, and all that may go back do. What is refused, replaces or loses something is previewed alone. What takes
effect in place is previewed together, since one preview without a replacement clears all of them; when it shows one,
each is asked alone.
"""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from components.rules.changes import rules_of_changes
from components.settings import Settings
from offline.errors import OfflineError
from tests.drill.environment import STACK, Environment, drill_settings, gone, mismatch
from tests.drill.fields import Changes, Place, changed, loads, other_values, places
from tests.drill.values import NEVER_CHANGED

BASE = drill_settings()
PLACES = [each for each in places(BASE) if each.pattern not in NEVER_CHANGED]
# These forbid what other changes do, so they are changed by themselves: protection, and drivers in a group.
FORBIDDING = [each for each in PLACES if each.pattern in ("protect", "node_groups.<name>.workload")]
OTHERS = [each for each in PLACES if each not in FORBIDDING]
PARTS = {"first half": OTHERS[::2], "second half": OTHERS[1::2], "forbidding": FORBIDDING}

# Fields, each with the changes that give it another value.
Drawn = Sequence[tuple[Place, Changes]]
# From changes and a field's own to the changes after it went one way.
Step = Callable[[Changes, Changes], Changes]


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
@pytest.mark.parametrize("part", PARTS)
@hypothesis_settings(
    max_examples=1,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_field_does_what_it_says_and_so_does_its_way_back(
    part: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    drawn = [(each, data.draw(other_values(each, STACK, BASE), label=each.pattern)) for each in PARTS[part]]
    environment = Environment(tmp_path_factory.mktemp("drill"))
    wrong = judged(environment, drawn, {}, there)
    assert not wrong, "\n".join(wrong)
    for together, taken in rounds(drawn):
        environment = Environment(tmp_path_factory.mktemp("round"))
        assert not environment.deployed(accepting({}, together)).has_changes
        wrong = judged(environment, taken, together, back)
        assert not wrong, "\n".join(wrong)
        home, _ = joined(together, taken, back)
        assert not environment.deployed(accepting(together, home)).has_changes


def rounds(drawn: Drawn) -> Iterator[tuple[Changes, Drawn]]:
    """Every field that can be changed at all, in as few deployments as they go together in."""
    left = [(place, new) for place, new in drawn if not refusals({}, accepting({}, new))]
    while left:
        together, taken = joined({}, left, there)
        yield together, taken
        left = [each for each in left if each not in taken]
        assert taken, f"none of these goes alone: {left}"


def there(changes: Changes, new: Changes) -> Changes:
    """Changes, and a field's with them."""
    return {**changes, **new}


def back(changes: Changes, new: Changes) -> Changes:
    """Changes without a field's."""
    return {path: value for path, value in changes.items() if path not in new}


def judged(environment: Environment, drawn: Drawn, old: Changes, step: Step) -> list[str]:
    """What is wrong with the change of each field."""
    quiet = [(place, new) for place, new in drawn if is_quiet(place, old, step(old, new))]
    together, cleared = joined(old, quiet, step)
    if gone(environment.previewed(accepting(old, together))):
        cleared = []
    loud = [(place, new) for place, new in drawn if (place, new) not in cleared]
    return list(filter(None, (judged_alone(environment, place, old, step(old, new)) for place, new in loud)))


def is_quiet(place: Place, old: Changes, new: Changes) -> bool:
    """Whether a field says that its change replaces nothing and loses nothing."""
    change = place.change(old.get(place.path, place.value), new.get(place.path, place.value))
    return change.effect == "in place" and not change.loses


def judged_alone(environment: Environment, place: Place, old: Changes, new: Changes) -> str:
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


def joined(old: Changes, drawn: Drawn, step: Step) -> tuple[Changes, Drawn]:
    """As many of the changes as go together, and whose they are: they load, and none is refused."""
    together, taken = old, list[tuple[Place, Changes]]()
    for place, new in drawn:
        more = step(together, new)
        if is_whole(more) and loads(STACK, BASE, more) and not refusals(old, accepting(old, more)):
            together = more
            taken.append((place, new))
    return together, taken


def is_whole(changes: Changes) -> bool:
    """Whether no change is inside something that another takes away."""
    empty = [path for path, value in changes.items() if value is None]
    return not any(path.startswith(f"{each}/") for path in changes for each in empty)
