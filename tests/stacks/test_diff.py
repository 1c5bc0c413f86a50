"""A change of the real program: the report says what it does to a stack's settings, permissions and connections."""

import shutil
from pathlib import Path

from components.settings import STACKS
from offline.diff.comparison import compare
from offline.diff.revision import Revision
from offline.diff.stack_comparison import StackComparison
from offline.progress import silent
from tests.mutations.table import MUTATIONS

PROJECT = STACKS.parent
# Of docs/security.md: a team's pods are reached from their own namespace, and nodes have no more than their work takes.
OWN_NAMESPACE, ROLE_OF_NODES = 18, 28


def changed(root: Path) -> Revision:
    """A copy of the program that other pods reach teams in, whose nodes read objects, and a setting is larger."""
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy(PROJECT / name, root)
    for name in ("components", "stacks"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for each in MUTATIONS:
        if each.control in (OWN_NAMESPACE, ROLE_OF_NODES):
            each.make(root)
    file = root / "stacks" / "Pulumi.test.yaml"
    text = file.read_text()
    assert text.count("maximum: 20\n") == 1
    file.write_text(text.replace("maximum: 20\n", "maximum: 30\n"))
    return Revision("changed", root)


def compared(base: Revision, head: Revision, place: Path) -> StackComparison:
    (found,) = compare(base, head, place, ["test"], silent)
    return found


def test_a_change_of_the_program_is_told_by_setting_permission_and_connection(tmp_path: Path) -> None:
    head = tmp_path / "changed"
    head.mkdir()
    now, then, place = Revision("the work tree", PROJECT), changed(head), tmp_path / "states"
    assert compared(now, now, place) == StackComparison("test", "unaffected")
    found = compared(now, then, place)
    assert found.outcome == "changed", found.refusal
    assert [(each.path, each.old, each.new) for each in found.settings] == [("spark.executors.maximum", 20, 30)]
    assert [str(each) for each in found.permissions] == ["gains s3:GetObject on *"]
    assert all(each.gained for each in found.connections)
    (opened,) = (
        each
        for each in found.connections
        if (each.source, each.target) == ("karpenter/karpenter", "spark-analytics/Spark drivers")
    )
    assert (opened.before, opened.after) == ("closed", "every port")
    assert "spark-analytics/own-namespace-only" in opened.rules
