"""The images of the four stacks: each pinned, in the table, and pulled from the environment's own registry."""

import subprocess
import sys

import pytest

from components.images.table import IMAGES, KARPENTER_CONTROLLER, PAUSE, SPARK_OPERATOR_CONTROLLER
from components.settings import STACKS
from offline.checks.judges import releases_judge, with_what_they_bring
from offline.images import images_of
from offline.progress import silent
from offline.providers.resource import Resource
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.conftest import StacksThatAreUp


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_image_of_a_stack_is_right_and_charts_images_are_among_them(stacks: StacksThatAreUp, stack: str) -> None:
    stacks.up(stack)
    made = [
        Resource(each["urn"], each["inputs"])
        for each in stacks.engine.export(stack)["resources"]
        if each.get("custom") and "inputs" in each
    ]
    with releases_judge(silent) as releases:
        found = images_of(with_what_they_bring(made, [releases]))
    known = settings(stack)
    assert not [f"{each.reference} {each.problem}" for each in found if each.problem]
    references = {each.reference for each in found}
    place = known.account.images
    expected = (PAUSE, KARPENTER_CONTROLLER, SPARK_OPERATOR_CONTROLLER)
    assert {each.below(place).reference for each in expected} <= references
    assert known.spark_image in references
    assert all(each.startswith(f"{known.account.registry}/") for each in references)
    cached = known.images.credentials
    origins = {each.origin for each in found}
    assert any("copied from" in each for each in origins) is not bool(cached)


def test_the_command_lists_every_image_and_ends_well() -> None:
    command = [sys.executable, "-m", "offline", "images", "test"]
    done = subprocess.run(command, cwd=STACKS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert all(any(each.repository in line for each in IMAGES) for line in listed)
    assert len(listed) >= 10


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_team_namespaces_refuse_foreign_images_and_where_settings_say_so_tags(
    stacks: StacksThatAreUp, stack: str
) -> None:
    stacks.up(stack)
    resources = stacks.engine.export(stack)["resources"]
    kind = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
    found = {
        each["type"].removeprefix(kind): each["inputs"]["spec"] for each in resources if "team-images" in each["urn"]
    }
    checked = [each["expression"] for each in found[""]["validations"]]
    assert "variables.foreign.size() == 0" in checked
    assert ("variables.unpinned.size() == 0" in checked) is settings(stack).images.digests_required
    (bound,) = found["Binding"]["matchResources"]["namespaceSelector"]["matchExpressions"]
    assert bound["values"] == sorted(f"spark-{team}" for team in settings(stack).teams)
