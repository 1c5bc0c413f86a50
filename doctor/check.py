"""One question about a machine, an account or a stack's settings, and how all of them are put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from doctor.finding import Finding
from doctor.surroundings import Surroundings


@dataclass(frozen=True)
class Check:
    """A question, and who answers it.

    Args:
        name: by which it is told, such as quota-vpcs.
        asks: what it asks, as a sentence without its end.
        look: finds out; what it yields first is kept if it is refused later.
        calls: operations of AWS that it may ask for, such as ec2:DescribeVpcs; it is refused any other.
        needs: names of the checks without which it has nothing to ask.
    """

    name: str
    asks: str
    look: Callable[[Surroundings], Iterable[Finding]]
    calls: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
