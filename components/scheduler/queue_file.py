"""YuniKorn's queue file, `queues.yaml`: a pure function of settings and teams.

Every team has one leaf, called after its namespace, and applications are placed by their namespace alone: no rule reads
the queue that a pod names, so nobody names another team's. An application that no rule places is refused.

Leaves out access lists, because whoever may make pods in a namespace may use its queue, and limits of users.

Source: apache/yunikorn-core 1.8, pkg/common/configs (the file), pkg/scheduler/placement (rules), and
pkg/scheduler/objects/queue.go (properties).
"""

from collections.abc import Mapping
from typing import Any

import yaml

from components.scheduler.settings import QueueResources, QueueSettings, SchedulerSettings
from components.scheduler.shares import NOTHING, Amount, below, guarantee_of_parent, guarantees
from components.teams.names import namespace_of

PARTITION = "default"
ROOT = "root"
EVERYBODY = "*"


def queue_path(team: str, queue: QueueSettings) -> str:
    """Full name of a team's queue, as metrics, logs and YuniKorn's REST API say it."""
    return ".".join(filter(None, (ROOT, queue.parent, namespace_of(team))))


def queue_file(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> str:
    """The file as YAML.

    Args:
        settings: parents, preemption and order of nodes.
        teams: team name to its queue.
    """
    return yaml.safe_dump(queue_tree(settings, teams), sort_keys=False, width=120)


def queue_tree(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> dict[str, Any]:
    """The file's content."""
    certain = guarantees(settings, teams)

    def leaves(parent: str | None) -> list[dict[str, Any]]:
        members = sorted(below(teams, parent).items())
        return [_leaf(settings, name, queue, certain.get(name)) for name, queue in members]

    parents = [_parent(settings, teams, name, leaves(name)) for name in sorted(settings.parents)]
    root = {"name": ROOT, "parent": True, "submitacl": EVERYBODY, "queues": [*parents, *leaves(None)]}
    return {
        "partitions": [
            {
                "name": PARTITION,
                "nodesortpolicy": {"type": settings.node_order},
                "preemption": {"enabled": settings.preemption},
                "placementrules": placement_rules(settings),
                "queues": [root],
            }
        ]
    }


def placement_rules(settings: SchedulerSettings) -> list[dict[str, Any]]:
    """The namespace's queue below the root, or below the one parent that has it; no rule makes a queue."""
    rule: dict[str, Any] = {"name": "tag", "value": "namespace", "create": False}
    below_parents = [
        {**rule, "parent": {"name": "fixed", "value": name, "create": False}} for name in sorted(settings.parents)
    ]
    return [rule, *below_parents]


def _parent(
    settings: SchedulerSettings, teams: Mapping[str, QueueSettings], name: str, queues: list[dict[str, Any]]
) -> dict[str, Any]:
    certain = guarantee_of_parent(settings, teams, name)
    return {
        "name": name,
        "parent": True,
        **_resources(None if certain == NOTHING else certain, settings.parents[name].maximum),
        "queues": queues,
    }


def _leaf(settings: SchedulerSettings, team: str, queue: QueueSettings, certain: Amount | None) -> dict[str, Any]:
    properties = {
        # Gangs need it: with fair order two of them could each hold half of their places, and YuniKorn refuses them.
        "application.sort.policy": "fifo",
        # Priorities count among the pods of a team, and neither move its queue before others nor keep its pods there.
        "priority.policy": "fence",
        "preemption.delay": f"{settings.preemption_delay_seconds}s",
    }
    limit = {"maxapplications": queue.running_applications} if queue.running_applications else {}
    return {
        "name": namespace_of(team),
        **limit,
        "properties": properties,
        **_resources(certain, queue.maximum),
    }


def _resources(certain: Amount | None, maximum: QueueResources | None) -> dict[str, Any]:
    """A queue's resources in YuniKorn's words: vcore takes thousandths with an m, memory takes binary suffixes."""
    amounts = {"guaranteed": certain, "max": Amount.of(maximum) if maximum else None}
    named = {
        name: {"vcore": f"{amount.millicpus}m", "memory": f"{amount.memory_mib}Mi"}
        for name, amount in amounts.items()
        if amount is not None
    }
    return {"resources": named} if named else {}
