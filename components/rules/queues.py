"""Queues, teams and capacity fit together: rules that YuniKorn would only state when it refuses a queue file, or never.

A queue file that YuniKorn refuses changes nothing: it goes on with the queues it had, and a team that is new has none.
"""

from collections.abc import Iterable, Mapping

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.scheduler.settings import MIB_A_GIB, QueueSettings, SchedulerSettings, sum_of
from components.scheduler.shares import MILLICPUS_A_VCPU, Amount, below, guarantee_of_parent, left_to_share, level_of
from components.teams.names import namespace_of

REFUSED = "YuniKorn refuses such a queue file, and goes on with the queues it had"


def capacity_of(groups: Mapping[str, NodeGroupSettings], pools: Mapping[str, NodePoolSettings]) -> tuple[int, int]:
    """vCPUs and GiB of the nodes that take Spark's pods: groups counted by their smallest type, pools by their limits.

    Args:
        groups: node groups by name.
        pools: node pools by name.
    """
    spark = [each for each in groups.values() if each.takes_drivers or each.takes_executors]
    vcpus = sum(each.size * min(known.vcpus for known in each.types) for each in spark)
    memory_mib = sum(each.size * min(known.memory_mib for known in each.types) for each in spark)
    limits = [each.limits for each in pools.values()]
    return (
        vcpus + sum(each.vcpus for each in limits),
        memory_mib // MIB_A_GIB + sum(each.memory_gib for each in limits),
    )


def rules_of_queues(
    settings: SchedulerSettings, teams: Mapping[str, QueueSettings], capacity: tuple[int, int]
) -> Iterable[Violation]:
    """Parents exist, names and limits nest, guarantees are there to be given, and every weight has an effect.

    Args:
        settings: the scheduler's.
        teams: team name to its queue.
        capacity: vCPUs and GiB that the environment can have at most: its node groups, and the limits of its pools.
    """
    unknown = {name: each for name, each in teams.items() if each.parent and each.parent not in settings.parents}
    for name, each in unknown.items():
        yield Violation(
            f"teams.{name}.queue.parent",
            each.parent,
            "must be a queue of scheduler.parents",
            "the team's queue would lie below a queue that does not exist",
            f"use one of {', '.join(sorted(settings.parents)) or 'none: scheduler.parents is empty'}, or add it there",
        )
    known = {name: each for name, each in teams.items() if name not in unknown}
    yield from _rules_of_names(settings, known)
    yield from _rules_of_maxima(settings, known)
    yield from _rules_of_levels(settings, known)
    yield from _rules_of_capacity(settings, known, capacity)


def _rules_of_names(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> Iterable[Violation]:
    taken = {namespace_of(name): name for name in teams}
    for parent in settings.parents:
        if parent in taken:
            yield Violation(
                f"scheduler.parents.{parent}",
                parent,
                f"must not be called as the queue of team {taken[parent]}",
                "queues are told apart by their names, and a team's is called as its namespace",
                "rename the parent queue",
            )
        if not below(teams, parent):
            yield Violation(
                f"scheduler.parents.{parent}",
                parent,
                "must be the parent of some team's queue",
                "what it is guaranteed would be kept from others, and nobody could use it",
                f"write parent: {parent} in a team's queue, or remove it",
            )


def _rules_of_maxima(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> Iterable[Violation]:
    for name, each in teams.items():
        limit = settings.parents[each.parent].maximum if each.parent else None
        if limit and not each.maximum.fits_in(limit):
            yield Violation(
                f"teams.{name}.queue.maximum",
                each.maximum,
                f"must not exceed that of parent queue {each.parent}, {limit}",
                REFUSED,
                "lower it, or raise the parent's",
            )
    for name, each in settings.parents.items():
        certain = guarantee_of_parent(settings, teams, name)
        if each.maximum and certain.at_most(Amount.of(each.maximum)) != certain:
            yield Violation(
                f"scheduler.parents.{name}.maximum",
                each.maximum,
                f"must hold what its teams are guaranteed by name, {_text(certain)}",
                REFUSED,
                "raise it, or lower guaranteed of a team",
            )


def _rules_of_levels(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> Iterable[Violation]:
    for parent in (None, *settings.parents):
        field = "scheduler.guaranteed" if parent is None else f"scheduler.parents.{parent}.guaranteed"
        sharing = {name: each for name, each in below(teams, parent).items() if each.guaranteed is None}
        left, level = left_to_share(settings, teams, parent), level_of(settings, parent)
        if level is None:
            yield from _rules_of_idle_weights(sharing, field)
        elif left is not None and (left.millicpus < 0 or left.memory_mib < 0):
            yield Violation(
                field,
                level,
                f"must hold what its queues are guaranteed by name, {_text(Amount.of(level) - left)}",
                REFUSED if parent else "guarantees that can't all be kept are none",
                "raise it, or lower guaranteed of a queue below it",
            )
        elif left is not None and sharing and not left.part(1, _weights(sharing)).is_something:
            yield Violation(
                field,
                level,
                f"must leave something for {', '.join(sorted(sharing))}, which name no guarantee",
                f"of what it guarantees {_text(left)} are left, and a guarantee of nothing comes after all others",
                "raise it, or give these teams a guarantee of their own",
            )


def _rules_of_idle_weights(sharing: Mapping[str, QueueSettings], field: str) -> Iterable[Violation]:
    for name, each in sharing.items():
        if each.weight != 1:
            yield Violation(
                f"teams.{name}.queue.weight",
                each.weight,
                f"must be 1, or left out, while {field} is null",
                "weights part what a level is guaranteed, and this one names no number",
                f"set {field}, or give the team a guarantee of its own",
            )


def _rules_of_capacity(
    settings: SchedulerSettings, teams: Mapping[str, QueueSettings], capacity: tuple[int, int]
) -> Iterable[Violation]:
    named = settings.guaranteed
    by_name = sum_of(each.guaranteed for each in below(teams, None).values() if each.guaranteed)
    parents = [guarantee_of_parent(settings, teams, each) for each in settings.parents]
    vcpus = named.vcpus if named else by_name[0] + sum(each.millicpus for each in parents) // MILLICPUS_A_VCPU
    gib = named.memory_gib if named else by_name[1] + sum(each.memory_mib for each in parents) // MIB_A_GIB
    if vcpus > capacity[0] or gib > capacity[1]:
        yield Violation(
            "scheduler.guaranteed",
            named or f"null, and by name {vcpus} vCPUs and {gib} GiB",
            f"must not exceed the capacity of the environment, {capacity[0]} vCPUs and {capacity[1]} GiB",
            "the node groups and pools that take Spark's pods never have more, so somebody's guarantee is not kept",
            "lower it, or raise the size of a node group or the limit of a pool",
        )


def _weights(teams: Mapping[str, QueueSettings]) -> int:
    return sum(each.weight for each in teams.values())


def _text(amount: Amount) -> str:
    return f"{amount.millicpus / MILLICPUS_A_VCPU:g} vCPUs and {amount.memory_mib / MIB_A_GIB:g} GiB"
