"""Resources as the rules read them: values without marks, and nothing where a value is unknown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from offline.checks.finding import Finding
from offline.providers.aws.account import Account
from offline.providers.resource import Resource
from offline.providers.values import Properties, has_unknown

JUDGE = "aws-rules"


@dataclass(frozen=True)
class Subject:
    """One AWS resource under the rules' eyes."""

    resource: Resource

    @property
    def type(self) -> str:
        """The type token."""
        return self.resource.type

    @cached_property
    def inputs(self) -> Properties:
        """The inputs without marks, unknown values still in them."""
        return self.resource.plain_inputs

    @cached_property
    def account(self) -> Account:
        """Where the resource lives."""
        return Account.of(self.resource.settings)

    def get(self, path: str) -> Any:
        """The value at a dotted path; None where it is absent, or holds anything unknown."""
        value: Any = self.inputs
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return None if value is None or has_unknown(value) else value

    def items(self, path: str) -> list[Any]:
        """The list at a dotted path; empty where it is absent or unknown."""
        value = self.get(path)
        return value if isinstance(value, list) else []

    def gives(self, path: str) -> bool:
        """Whether anything stands at a dotted path, known or not."""
        value: Any = self.inputs
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value not in (None, [], "")

    def finding(self, place: str, rule: str, source: str, fix: str, value: Any = None) -> Finding:
        """A mistake at a property of this resource."""
        shown = value if value is not None else self.get(place)
        return Finding.of(JUDGE, self.resource, place, shown, rule=rule, source=source, fix=fix)


class Stack:
    """All AWS resources of one stack.

    Args:
        resources: in the order they were checked; others than AWS's are passed over.
    """

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.subjects = tuple(Subject(each) for each in resources if each.type.startswith("aws:"))
        self._by_type: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            self._by_type.setdefault(subject.type, []).append(subject)

    def of(self, *types: str) -> Iterator[Subject]:
        """The resources of some types."""
        for each in types:
            yield from self._by_type.get(each, ())

    def owner(self, owner_type: str, subject: Subject, path: str) -> Subject | None:
        """The resource that a property names by id.

        While a preview cannot know the id, it is the only resource of that type, if the stack makes but one.
        """
        owners = list(self.of(owner_type))
        identifier = subject.get(path)
        if identifier is None:
            return owners[0] if len(owners) == 1 and subject.gives(path) else None
        return next((each for each in owners if each.resource.identifier == identifier), None)
