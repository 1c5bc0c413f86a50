"""Connections that network policies and security groups open or close between two deployments of a stack."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from offline.progress import Say
from offline.reachability.deployment import resources_of
from offline.reachability.matrix import Verdict, matrix_of
from offline.reachability.places import METADATA, OUTSIDE
from offline.reachability.ports import NO_PORT, Ports, ports

_SHOWN_NAMES = 4
_NODES = "aws:eks/nodeGroup:NodeGroup"
# Names of source and target to what may be open between them, and by which rules.
Pairs = Mapping[tuple[str, str], tuple[Ports, tuple[str, ...]]]


@dataclass(frozen=True)
class Connections:
    """What may be open in one deployment.

    Args:
        pairs: by source and target.
        rules: name of each rule to what it says.
    """

    pairs: Pairs = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ConnectionChange:
    """One pair.

    Args:
        source: who connects.
        target: to whom.
        before: ports that were open, in words.
        after: ports that are.
        gained: whether some are that were not.
        rules: what lets them through, or did; where some of these are new or say something else, only they.
    """

    source: str
    target: str
    before: str
    after: str
    gained: bool
    rules: tuple[str, ...]

    @property
    def is_wide(self) -> bool:
        """Whether somebody outside of the VPC gets in, or a pod to instance metadata."""
        return self.gained and (self.source == OUTSIDE or self.target == METADATA)


@dataclass(frozen=True)
class ConnectionGroup:
    """Pairs that the same rules move in the same way.

    Args:
        pairs: the changes, one at least.
    """

    pairs: tuple[ConnectionChange, ...]

    def __str__(self) -> str:
        first = self.pairs[0]
        sources = list(dict.fromkeys(each.source for each in self.pairs))
        targets = list(dict.fromkeys(each.target for each in self.pairs))
        how = sorted({f"{each.before} -> {each.after}" for each in self.pairs})
        many = f" ({len(self.pairs)} pairs)" if len(self.pairs) > 1 else ""
        return (
            f"{'opens' if first.gained else 'closes'} {_some(sources, ', ')} to {_some(targets, ', ')}{many}: "
            f"{_some(how, '; ')}, by {', '.join(first.rules) or 'no rule'}"
        )


def grouped(changes: Iterable[ConnectionChange]) -> Iterator[ConnectionGroup]:
    """Changes by what moves them, in their order: one rule may move hundreds."""
    groups: dict[object, list[ConnectionChange]] = {}
    for each in changes:
        groups.setdefault((each.gained, each.rules), []).append(each)
    yield from (ConnectionGroup(tuple(each)) for each in groups.values())


def _some(names: Sequence[str], between: str) -> str:
    more = len(names) - _SHOWN_NAMES
    return between.join(names[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def connections_of(deployment: Mapping[str, Any], report: Say) -> Connections:
    """What may be open in a deployment; nothing where it has no nodes.

    Args:
        deployment: as `pulumi stack export` has it.
        report: told where a program has to be built.

    Raises:
        ReachabilityError: for a rule of a form that is not read.
    """
    if not any(each["type"] == _NODES for each in deployment["resources"]):
        return Connections()
    matrix = matrix_of(resources_of(deployment, report))
    verdicts: Iterator[Verdict] = matrix.verdicts()
    pairs = {(each.source.name, each.target.name): (each.possible, each.rules) for each in verdicts if each.possible}
    rules = {each.title: repr(each) for each in matrix.policies} | {
        each.name: repr(each) for each in matrix.group_rules
    }
    return Connections(pairs, rules)


def connection_changes(before: Connections, after: Connections) -> Iterator[ConnectionChange]:
    """Pairs between which other ports are open, those first that are open anew.

    Args:
        before: what was open.
        after: what is.
    """
    closed: tuple[Ports, tuple[str, ...]] = (NO_PORT, ())
    found: list[ConnectionChange] = []
    names = {*before.rules, *after.rules}
    others = {each for each in names if before.rules.get(each) != after.rules.get(each)}
    for source, target in sorted({*before.pairs, *after.pairs}):
        was, because = before.pairs.get((source, target), closed)
        now, rules = after.pairs.get((source, target), closed)
        if was != now:
            gained = now & was != now
            concerned = tuple(dict.fromkeys((*rules, *because)))
            moving = tuple(each for each in concerned if each in others) or (rules if now else because)
            found.append(ConnectionChange(source, target, _words(was), _words(now), gained, moving))
    yield from sorted(found, key=lambda each: not each.gained)


def to_json(connections: Connections) -> dict[str, Any]:
    """As `from_json` reads it."""
    pairs = [
        [*pair, [list(each) for each in open_ports.spans], rules]
        for pair, (open_ports, rules) in connections.pairs.items()
    ]
    return {"pairs": pairs, "rules": dict(connections.rules)}


def from_json(content: Mapping[str, Any]) -> Connections:
    """What `to_json` wrote."""
    pairs: Pairs = {
        (source, target): (ports([(str(protocol), first, last) for protocol, first, last in spans]), tuple(rules))
        for source, target, spans, rules in content["pairs"]
    }
    return Connections(pairs, content["rules"])


def _words(open_ports: Ports) -> str:
    return str(open_ports) if open_ports else "closed"
