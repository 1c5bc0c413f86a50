"""Sets of ports: of TCP, UDP and SCTP, the protocols that network policies and security groups name by ports.

Leaves out ICMP: a network policy says nothing of it.

Source: Kubernetes documentation, "Network Policies", and API reference, NetworkPolicyPort.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PROTOCOLS = ("TCP", "UDP", "SCTP")
FIRST, LAST = 1, 65535

# Protocol, first and last port.
Span = tuple[str, int, int]


@dataclass(frozen=True)
class Ports:
    """A set of ports.

    Args:
        spans: sorted, without overlaps or neighbours, so that equal sets are equal; `ports` makes them so.
    """

    spans: tuple[Span, ...] = ()

    def __or__(self, other: "Ports") -> "Ports":
        return ports(self.spans + other.spans)

    def __and__(self, other: "Ports") -> "Ports":
        return ports(
            (protocol, max(first, other_first), min(last, other_last))
            for protocol, first, last in self.spans
            for other_protocol, other_first, other_last in other.spans
            if protocol == other_protocol
        )

    def __bool__(self) -> bool:
        return bool(self.spans)

    def has(self, protocol: str, port: int) -> bool:
        """Whether a port is in the set."""
        return any(each == protocol and first <= port <= last for each, first, last in self.spans)

    def __str__(self) -> str:
        if self == EVERY_PORT:
            return "every port"
        return "; ".join(
            self._of(protocol) for protocol in PROTOCOLS if any(each[0] == protocol for each in self.spans)
        )

    def _of(self, protocol: str) -> str:
        spans = [(first, last) for each, first, last in self.spans if each == protocol]
        if spans == [(FIRST, LAST)]:
            return f"every {protocol} port"
        return f"{protocol} " + ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def ports(spans: Iterable[Span]) -> Ports:
    """The set of all ports in some spans; a span that ends before it begins has none."""
    return Ports(tuple(_joined(sorted(each for each in spans if each[1] <= each[2]))))


def _joined(spans: list[Span]) -> Iterator[Span]:
    held: Span | None = None
    for protocol, first, last in spans:
        if held is not None and held[0] == protocol and first <= held[2] + 1:
            held = (protocol, held[1], max(held[2], last))
            continue
        if held is not None:
            yield held
        held = (protocol, first, last)
    if held is not None:
        yield held


def tcp(*numbers: int) -> Ports:
    """Some TCP ports."""
    return ports(("TCP", each, each) for each in numbers)


NO_PORT = Ports()
EVERY_PORT = ports((protocol, FIRST, LAST) for protocol in PROTOCOLS)
