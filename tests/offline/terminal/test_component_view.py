"""How a run's tree is shown: what is unfolded, what is only counted, and that rows add up."""

import re
from collections.abc import Sequence

from offline.component_tree import Step
from offline.summary import Change, Summary
from offline.terminal.component_view import losses, tree_of
from tests.offline.terminal.pictures import printed
from tests.offline.test_component_tree import ALL, ENVIRONMENT, NETWORK, SUBNET, VPC, component, resource, urn

BUCKET = urn("aws:s3/bucket:Bucket", "logs")


def summary(steps: Sequence[Step], *changed: Change) -> Summary:
    operations = [step.operation for step in steps]
    return Summary("dev", {each: operations.count(each) for each in operations}, changed, steps=tuple(steps))


def same(*steps: Step) -> list[Step]:
    return [Step("same", each.urn, each.parent, each.is_component) for each in steps]


def test_a_stack_that_comes_up_is_unfolded_to_the_parts_of_its_environment() -> None:
    assert printed(tree_of(summary(ALL))) == [
        "dev     7  + create",
        "├── environment           5  + create",
        "│   ├── network     4  + create",
        "│   └── itself      1  + create",
        "└── itself and 1 more     2  + create",
    ]


def test_a_change_is_below_its_component_with_its_properties_and_what_stays_is_only_counted() -> None:
    kept = component("alerts", ENVIRONMENT.urn, "same")
    others = same(*(each for each in ALL if each not in (VPC, SUBNET)))
    steps = [*others, kept, Step("update", VPC.urn, NETWORK.urn), Step("replace", SUBNET.urn, SUBNET.parent)]
    changed = Change("update", VPC.urn, ("tags", "name")), Change("replace", SUBNET.urn, ("name", "cidr"), ("cidr",))
    assert printed(tree_of(summary(steps, *changed)), width=100) == [
        "dev     8  +- 1 replace, ~ 1 update, 6 same",
        "├── environment           6  +- 1 replace, ~ 1 update, 4 same",
        "│   ├── network               4  +- 1 replace, ~ 1 update, 2 same",
        "│   │   ├── +- REPLACE aws:sns/topic:Topic subnet (cidr)",
        "│   │   └── ~ update aws:sns/topic:Topic vpc (tags, name)",
        "│   ├── 1 other component     1  same",
        "│   └── itself                1  same",
        "└── itself and 1 more     2  same",
    ]


def test_rows_of_one_level_add_up_to_the_row_above() -> None:
    lines = printed(tree_of(summary([*ALL, component("other", ENVIRONMENT.urn), resource("alone", ENVIRONMENT.urn)])))
    rows = [(line.index(re.search(r"\w", line)[0]), int(re.findall(r" {2,}(\d+) ", line)[0])) for line in lines]  # type: ignore[index]
    whole, *below = rows
    assert whole[1] == sum(count for depth, count in below if depth == 4)
    assert rows[1][1] == sum(count for depth, count in below if depth == 8)


def test_long_names_stay_within_their_branch_of_a_narrow_terminal() -> None:
    long = resource("x" * 90, NETWORK.urn, "update")
    steps = [*same(*ALL), long]
    for line in printed(tree_of(summary(steps, Change("update", long.urn, ("tags",)))), width=60):
        assert len(line) <= 60
        assert line[0] in "d├│└ "


def test_without_unicode_the_branches_are_drawn_in_ascii() -> None:
    lines = printed(tree_of(summary(ALL)), encoding="ascii")
    assert "".join(lines).isascii()
    assert lines[1].startswith("+-- environment")


def test_what_takes_data_away_is_loud_and_says_what_goes() -> None:
    claim = urn("kubernetes:core/v1:PersistentVolumeClaim", "metrics")
    found = losses(
        summary(
            [],
            Change("update", BUCKET, ("tags",)),
            Change("delete", claim, loses="its volume and all data on it are deleted"),
            Change("delete", VPC.urn),
            Change("replace", BUCKET, ("bucket",), ("bucket",)),
        )
    )
    assert [(line.plain, line.style) for line in found] == [
        ("! REPLACE aws:s3/bucket:Bucket logs (bucket): its objects go with it", "danger"),
        (
            "! DELETE kubernetes:core/v1:PersistentVolumeClaim metrics: its volume and all data on it are deleted",
            "danger",
        ),
    ]
