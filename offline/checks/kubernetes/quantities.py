"""Kubernetes' quantities, such as 500m of a CPU or 40Gi of memory, as numbers.

Source: k8s.io/apimachinery, pkg/api/resource/quantity.go.
"""

import re
from decimal import ROUND_CEILING, Decimal
from typing import Any

_SHAPE = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[a-zA-Z]*)")
_SUFFIXES = {
    "": Decimal(1),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("n", "u", "m"), start=-3)},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate(("k", "M", "G", "T", "P", "E"), start=1)},
    **{suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), start=1)},
}


def quantity(value: Any) -> Decimal | None:
    """The number that a quantity stands for; None for what is unknown or no quantity, which the API server refuses."""
    match = _SHAPE.fullmatch(str(value))
    if match is None:
        return None
    number, suffix = match.groups()
    if suffix[:1] in ("e", "E") and suffix not in _SUFFIXES:
        return Decimal(number + suffix)
    return Decimal(number) * _SUFFIXES[suffix] if suffix in _SUFFIXES else None


def thousandths(value: Any) -> int:
    """A quantity of CPUs in thousandths, rounded up as the API server does; 0 for what is no quantity."""
    return int(((quantity(value) or Decimal(0)) * 1000).to_integral_value(ROUND_CEILING))


def units(value: Any) -> int:
    """A quantity in whole units, such as bytes, rounded up; 0 for what is no quantity."""
    return int((quantity(value) or Decimal(0)).to_integral_value(ROUND_CEILING))
