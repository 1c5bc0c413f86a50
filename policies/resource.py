"""A resource as rules see it: what a run registers, whether a test, a preview or an update asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Environments in which nothing is loosened.
STRICT = ("staging", "production")


@dataclass(frozen=True)
class Resource:
    """One resource.

    Args:
        type: type token, such as aws:s3/bucket:Bucket.
        name: logical name.
        stack: name of its stack.
        inputs: as the engine has them, in camel case.
    """

    type: str
    name: str
    stack: str
    inputs: Mapping[str, Any]

    def get(self, path: str, default: Any = None) -> Any:
        """What stands at a path of keys and indices with dots between, or the default where something lacks."""
        value: Any = self.inputs
        for key in path.split("."):
            try:
                value = value[int(key)] if key.isdigit() else value[key]
            except (KeyError, IndexError, TypeError):
                return default
        return default if value is None else value


# What is wrong with one resource: a field, its value, what must hold, and how to mend it, in a sentence.
Check = Callable[[Resource], Iterator[str]]
# The same for all resources of a stack, with the one that it is about.
CheckTogether = Callable[[Sequence[Resource]], Iterator[tuple[Resource, str]]]


@dataclass(frozen=True)
class Rule:
    """A rule that every change has to keep.

    Args:
        name: of the policy, in lower case with hyphens.
        controls: numbers of the controls that it holds, as docs/security.md counts them.
        description: what must hold, as a sentence.
        types: type tokens that it is about, or what they begin with; nothing else is looked at.
        check: for one resource.
        together: for all of a stack, where one alone does not tell.
    """

    name: str
    controls: tuple[int, ...]
    description: str
    types: tuple[str, ...]
    check: Check | None = None
    together: CheckTogether | None = None

    def found(self, resources: Iterable[Resource]) -> Iterator[tuple[Resource, str]]:
        """Everything that is wrong with some resources."""
        about = [each for each in resources if each.type.startswith(self.types)]
        if self.check is not None:
            for resource in about:
                yield from ((resource, wrong) for wrong in self.check(resource))
        if self.together is not None:
            yield from self.together(about)
