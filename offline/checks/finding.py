"""One thing that AWS or Kubernetes would refuse, in one sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from offline.providers.resource import Resource
from offline.providers.values import holds_secret, secret_texts

SECRET = "[secret]"
_LONGEST_VALUE = 160
# Shorter ones are parts of ordinary words, and nobody's secret.
_SHORTEST_SECRET = 6
_STEP = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
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

    @classmethod
    def of(
        cls, judge: str, resource: Resource, place: str, value: Any, *, rule: str, source: str, fix: str, part: str = ""
    ) -> "Finding":
        """A mistake in a resource, which shows nothing that its inputs mark secret.

        Args: as of the class; `place` may write steps as `[0]` and `["a.b"]` too.
        """
        finding = cls(judge, resource.type, resource.name, place, value, rule, source, fix, part)
        if holds_secret(resource.inputs, list(steps_of(place))):
            # A policy's document is one text, of which a judge shows parts.
            finding = replace(finding.without([str(value)]), value=SECRET)
        return finding.without(secret_texts(resource.inputs))

    def without(self, secrets: Iterable[str]) -> "Finding":
        """The finding with some texts hidden wherever it says them."""
        hidden = sorted({each for each in secrets if len(each) >= _SHORTEST_SECRET}, key=len, reverse=True)

        def shown(text: str) -> str:
            for each in hidden:
                text = text.replace(each, SECRET)
            return text

        value = shown(self.value) if isinstance(self.value, str) else self.value
        return replace(self, value=value, rule=shown(self.rule), fix=shown(self.fix), part=shown(self.part))

    def __str__(self) -> str:
        # As Pulumi writes a property path: https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
        path = _INDEX.sub(r"[\1]", self.property)
        place = ", ".join(each for each in (f"{self.type} {self.name}", path, self.part) if each)
        value = str(self.value)
        shown = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}..."
        verb = ", has" if self.part else " is"
        given = f"{verb} {shown!r}, but it" if self.property else ""
        return f"{place}{given} {self.rule} ({self.source}). {self.fix}."


def steps_of(path: str) -> Iterator[str]:
    """Keys and places in lists of a path such as `spec.ports[0].name` or `metadata.labels["a.b"]`."""
    return (step.strip('[]"') for step in _STEP.findall(path))
