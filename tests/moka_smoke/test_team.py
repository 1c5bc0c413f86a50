"""The team, its place, its image and its queue follow from the stack's file."""

import pytest

from components.account import Account
from moka_logs.place import PlaceError
from moka_smoke.team import image_of, queue_of_team, word_count_of
from tests.stack_files import ENVIRONMENTS, settings, settings_tree

ACCOUNT = Account("dev", "222222222222", "us-east-1")
REGISTRY = ACCOUNT.registry


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_the_first_team_of_every_stack_has_a_place_and_an_image(stack: str) -> None:
    application = word_count_of(stack, settings_tree(stack), name="run", below="run/")
    known = settings(stack)
    assert application.team == next(iter(known.teams))
    assert application.bucket in {place.bucket for place in known.teams[application.team].data.write}
    assert application.key("words.txt") == "run/words.txt"
    assert application.image.startswith(f"{known.account.registry}/moka/spark:4.1.2-")
    assert ("celeborn" in application.image) == (known.shuffle.celeborn is not None)


def test_a_run_lies_below_the_teams_prefix() -> None:
    tree = settings_tree("dev")
    tree["teams"]["analytics"]["data"]["write"] = [{"bucket": "lake", "prefix": "analytics/"}]
    assert word_count_of("dev", tree, below="run/").place("counts") == "s3a://lake/analytics/run/counts"


@pytest.mark.parametrize(
    ("settings", "image"),
    [
        ({}, f"{REGISTRY}/moka/spark:4.1.2-1"),
        ({"shuffle": {"celeborn": None}}, f"{REGISTRY}/moka/spark:4.1.2-1"),
        ({"shuffle": {"celeborn": {"peak_shuffle_gib": 1}}}, f"{REGISTRY}/moka/spark:4.1.2-celeborn-1"),
        ({"spark": {"image": "own"}, "shuffle": {"celeborn": {}}}, "own"),
    ],
)
def test_the_image_is_the_stacks_or_the_projects_own(settings: dict[str, object], image: str) -> None:
    assert image_of(ACCOUNT, settings) == image


@pytest.mark.parametrize(
    ("team", "said"),
    [
        (None, r"No team of stack dev may write anywhere.*give one a bucket under teams\.<team>\.data\.write"),
        ("analytics", r"Team analytics of stack dev may write nowhere.*give it a bucket under teams\.analytics\.data"),
    ],
)
def test_a_team_that_writes_nowhere_is_told_what_to_do(team: str | None, said: str) -> None:
    tree = settings_tree("dev")
    for each in tree["teams"].values():
        each["data"] = {"read": [{"bucket": "lake"}]}
    with pytest.raises(PlaceError, match=said):
        word_count_of("dev", tree, team)


def test_the_queue_is_the_teams_under_its_parent() -> None:
    tree = settings_tree("dev")
    assert queue_of_team("analytics", tree) == "root.spark-analytics"
    tree["teams"]["analytics"]["queue"]["parent"] = "research"
    assert queue_of_team("analytics", tree) == "root.research.spark-analytics"
    del tree["teams"]["analytics"]["queue"]
    with pytest.raises(PlaceError, match=r"teams\.analytics\.queue is wrong"):
        queue_of_team("analytics", tree)
