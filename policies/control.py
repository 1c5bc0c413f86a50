"""One control of the security page: what it is, what the program does for it, and which checks break without it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """One control.

    Args:
        number: its place in the table.
        title: what it asks for.
        benchmark: recommendations of the CIS Amazon EKS Benchmark that it answers, in version 1.8.0.
        how: what the program does, in a sentence or two.
        checks: what goes red when the program stops doing it, as `tests/<file>.py::<function>`; rules of the pack
            name their controls themselves.
        out_of_scope: why the program does nothing for it, where that is so.
    """

    number: int
    title: str
    benchmark: tuple[str, ...]
    how: str
    checks: tuple[str, ...]
    out_of_scope: str = ""
