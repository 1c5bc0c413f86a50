"""Planted mistakes in what YuniKorn is told: a queue file that it refuses, and properties that it ignores."""

from collections.abc import Callable

from tests.checks.planted import Inputs, Planted

QUEUES = ("kubernetes:core/v1:ConfigMap", "scheduler-queues")
FILE = 'data["queues.yaml"]'


def _written(old: str, new: str) -> Callable[[Inputs], None]:
    """A change of the queue file's text."""

    def change(inputs: Inputs) -> None:
        assert old in inputs["data"]["queues.yaml"]
        inputs["data"]["queues.yaml"] = inputs["data"]["queues.yaml"].replace(old, new)

    return change


def _row(old: str, new: str, says: str) -> Planted:
    return Planted(*QUEUES, _written(old, new), "yunikorn", FILE, says)


YUNIKORN_MISTAKES = [
    _row("submitacl", "submitAcl", "field submitAcl not found"),
    _row("type: binpacking", "type: tight", "undefined policy: tight"),
    _row("submitacl: '*'\n", "resources: {max: {vcore: 1m}}\n", "root queue must not have resource limits"),
    _row("memory: ", "memory: 1.5", "invalid quantity"),
    _row("    create: false\n", "    create: maybe\n", "into bool"),
    _row("priority.policy: fence", "priority.policy: fenced", "undefined priority.policy: fenced"),
    _row("preemption.delay", "preemption.delya", "there is no such property"),
]
