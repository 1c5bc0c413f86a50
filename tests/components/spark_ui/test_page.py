"""docs/live-ui.md holds settings that load, and names outputs and objects that there are."""

import re
from typing import Any

import yaml

from components.settings import STACKS
from components.spark_ui.routes import NAMESPACE
from tests.components.spark_ui.ui_environment import build
from tests.components.workloads.pods import WORKLOADS, variables
from tests.stack_files import Tree, settings

PAGE = (STACKS.parent / "docs" / "live-ui.md").read_text()
CERTIFICATE = "12345678-1234-1234-1234-123456789012"


def example() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    return yaml.safe_load(block.replace("<id>", CERTIFICATE))["spark"]["live_ui"]


def test_the_example_loads_in_dev() -> None:
    def change(tree: Tree) -> None:
        tree["spark"]["live_ui"] = example()

    live_ui = settings("dev", change).spark.live_ui
    assert live_ui is not None
    assert set(live_ui.pages) == set(example()["groups"])


def test_its_outputs_are_exported() -> None:
    named = re.findall(r"pulumi stack output (\w+)", PAGE)
    exported = re.findall(r'\bexport\("(\w+)"', (STACKS.parent / "__main__.py").read_text())
    assert set(named) == {"live_ui_pages", "live_ui_address"}
    assert set(named) <= set(exported)


def test_the_secret_that_it_makes_is_the_one_that_proxies_read() -> None:
    (command,) = re.findall(r"kubectl --namespace (\S+) create secret generic (\S+)", PAGE)
    keys = re.findall(r"`([\w-]+)=`", PAGE)
    read = {
        variable
        for kind in WORKLOADS
        for each in build().of(kind)
        for container in each.inputs["spec"]["template"]["spec"]["containers"]
        for variable in variables(container).values()
    }
    assert command[0] == NAMESPACE
    assert read == {f"secret {command[1]}/{key}" for key in keys}
