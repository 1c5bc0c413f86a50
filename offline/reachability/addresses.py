"""Address ranges cut so that each piece lies in a rule's range or outside of it, never across its border."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network


def pieces(networks: Iterable[IPv4Network], borders: Iterable[IPv4Network]) -> list[IPv4Network]:
    """The same addresses as the networks', in pieces that no border runs through."""
    found = list(networks)
    for border in set(borders):
        found = [piece for network in found for piece in _cut(network, border)]
    return sorted(found)


def without(networks: Iterable[IPv4Network], taken: Iterable[IPv4Network]) -> list[IPv4Network]:
    """The networks' addresses that none of the others has."""
    others = list(taken)
    return [piece for piece in pieces(networks, others) if not lies_in(piece, others)]


def lies_in(piece: IPv4Network, networks: Sequence[IPv4Network]) -> bool:
    """Whether one of the networks holds all of the piece."""
    return any(piece.subnet_of(each) for each in networks)


def _cut(network: IPv4Network, border: IPv4Network) -> list[IPv4Network]:
    if border.subnet_of(network) and border != network:
        return [border, *network.address_exclude(border)]
    return [network]
