"""One thing that AWS or Kubernetes would refuse, in one sentence."""

import re
from dataclasses import dataclass
from typing import Any

_LONGEST_VALUE = 160
_INDEX = re.compile(r"\.(\d+)(?=\.|$)")


@dataclass(frozen=True)
class Finding:
    """A mistake in one resource.

    Args:
        judge: name of the judge that found it.
        type: type token of the resource.
        name: logical name of the resource.
        property: path inside the inputs as Pulumi names them, dots between keys; empty for the whole resource.
        value: what stands there.
        rule: what must hold, as a clause that follows "it".
        source: where the rule comes from: a schema, an API or a page of documentation.
        fix: what to do, as a sentence without its full stop.
        part: where in the value, if that is a document of its own, such as `statement WriteLogs` of a policy.
    """

    judge: str
    type: str
    name: str
    property: str
    value: Any
    rule: str
    source: str
    fix: str
    part: str = ""

    def __str__(self) -> str:
        # As Pulumi writes a property path: https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
        path = _INDEX.sub(r"[\1]", self.property)
        place = ", ".join(each for each in (f"{self.type} {self.name}", path, self.part) if each)
        value = str(self.value)
        shown = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}..."
        verb = ", has" if self.part else " is"
        given = f"{verb} {shown!r}, but it" if self.property else ""
        return f"{place}{given} {self.rule} ({self.source}). {self.fix}."
