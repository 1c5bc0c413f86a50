"""Values of examples: refused on every real account, accepted in the emulated cloud, and listed in README.md."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from components.example_values import example_values
from components.footprint import other_footprints
from components.settings import STACKS, Settings, parse
from components.settings_error import SettingsError
from tests.checks.mistakes_settings import put
from tests.stack_files import ENVIRONMENTS, TODAY, Tree, settings, settings_tree

README = Path(__file__).parents[2] / "README.md"
OWN_ACCOUNT = "905418274613"


def own(stack: str, change: Callable[[Tree], object] = lambda _: None) -> Tree:
    """A stack's settings with somebody's own account and address range."""
    text = json.dumps(settings_tree(stack)).replace(settings_tree(stack)["account_id"], OWN_ACCOUNT)
    tree = json.loads(text.replace("198.51.100.0/24", "81.2.69.144/28").replace("amzn-s3-demo-bucket", "company"))
    change(tree)
    return tree


def judged(stack: str, tree: Tree, *, accepts_examples: bool) -> Settings:
    others = other_footprints(STACKS, stack)
    return parse(json.dumps(tree), stack, others, TODAY, accepts_examples=accepts_examples)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stack_file_as_it_comes_is_refused_on_a_real_account_naming_every_value(stack: str) -> None:
    with pytest.raises(SettingsError) as refused:
        judged(stack, settings_tree(stack), accepts_examples=False)
    expected = list(example_values(settings(stack).model_dump(mode="json")))
    for each in expected:
        assert f"{each.path} = {each.value}" in str(refused.value)
    assert f"{len(expected)} errors" in str(refused.value)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stack_file_with_ones_own_values_passes_with_and_without_the_emulated_cloud(stack: str) -> None:
    for accepts_examples in (False, True):
        assert judged(stack, own(stack), accepts_examples=accepts_examples).account_id == OWN_ACCOUNT


def test_a_real_account_gets_no_example_by_even_where_the_configuration_accepts_them() -> None:
    tree = own("dev", put("cluster/public_access_cidrs", ["198.51.100.0/24"]))
    with pytest.raises(SettingsError, match=r"cluster\.public_access_cidrs\.0 = 198\.51\.100\.0/24"):
        judged("dev", tree, accepts_examples=True)


@pytest.mark.parametrize(
    "value",
    [
        "192.0.2.0/24",
        "198.51.100.17/32",
        "203.0.113.128/25",
        "123456789012",
        "111122223333",
        "arn:aws:iam::444455556666:role/deploy",
        "oncall@example.com",
        "https://metrics.example.org/api/v1/write",
        "https://store.example:443/write",
        "registry.invalid/spark:4.1",
        "amzn-s3-demo-bucket-sales",
    ],
)
def test_what_documentation_keeps_for_examples_is_recognised_wherever_it_stands(value: str) -> None:
    (found,) = example_values({"area": {"list": ["other", value]}})
    assert (found.path, found.value) == ("area.list.1", value)


@pytest.mark.parametrize(
    "value",
    [
        "10.16.0.0/20",
        "100.64.0.0/16",
        "81.2.69.144/28",
        OWN_ACCOUNT,
        "arn:aws:iam::905418274613:role/example.com",
        "oncall@myexample.com",
        "https://example.company.io/write",
        "1.35.7-20260827",
        "600000000000000",
    ],
)
def test_what_somebody_may_mean_is_left_alone(value: str) -> None:
    assert list(example_values({"field": value})) == []


def test_readme_lists_every_field_that_must_be_edited_and_no_other() -> None:
    found = {
        re.sub(r"^teams\.[^.]+", "teams.<team>", re.sub(r"\.\d+(?=\.|$)", "", each.path))
        for stack in ENVIRONMENTS
        for each in example_values(settings(stack).model_dump(mode="json"))
    }
    part = README.read_text().split("<!-- values to replace -->")[1].split("<!-- end of values -->")[0]
    assert set(re.findall(r"^\| `([\w.<>]+)` \|", part, flags=re.MULTILINE)) == found
