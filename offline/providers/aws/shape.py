"""Reads a JSON schema for a translation: members, items, kinds, references.

Leaves out validation, which needs more than structure.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

# `KMSMasterKeyID` is the words KMS, Master, Key and ID; `EnableDns64` is Enable and Dns64.
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*")
_COMBINED = ("allOf", "anyOf", "oneOf")


def camel(name: str) -> str:
    """`KMSMasterKeyID` -> `kmsMasterKeyId`, as Pulumi names what Terraform calls `kms_master_key_id`."""
    words = _WORD.findall(name)
    return "".join([words[0].lower(), *(word[0].upper() + word[1:].lower() for word in words[1:])]) if words else name


class Shape:
    """A schema with its definitions.

    Args:
        root: the schema; references in it point to its `definitions`.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self._names: dict[int, dict[str, str]] = {}

    def resolved(self, node: Node) -> Node:
        """The node itself, or what its reference points to."""
        while reference := node.get("$ref"):
            node = self.root["definitions"][reference.rsplit("/", 1)[-1]]
        return node

    def member(self, node: Node, name: str) -> Node:
        """The schema of one property; empty where there is none."""
        return next((each["properties"][name] for each in self._alternatives(node) if name in each["properties"]), {})

    def named(self, node: Node, key: str) -> str | None:
        """The property that Pulumi would give that name."""
        node = self.resolved(node)
        if id(node) not in self._names:
            names = [name for each in self._alternatives(node) for name in each["properties"]]
            self._names[id(node)] = {camel(name): name for name in names}
        return self._names[id(node)].get(key)

    def has_members(self, node: Node) -> bool:
        """Whether the node is an object of known properties, not a map or a document."""
        return any(each["properties"] for each in self._alternatives(node))

    def item(self, node: Node) -> Node:
        """The schema of a list's items."""
        return self.resolved(self.resolved(node).get("items", {}))

    def at(self, path: tuple[str | int, ...]) -> Node:
        """The schema of what stands at a path."""
        node = self.root
        for step in path:
            node = self.item(node) if isinstance(step, int) else self.resolved(self.member(node, step))
        return node

    def takes(self, node: Node, kind: str, only: bool = False) -> bool:
        """Whether the node takes values of that JSON type; `only`: and no number."""
        kinds = node.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not kinds and "properties" in node:
            kinds = ["object"]
        return kind in kinds and not (only and {"integer", "number", "boolean"} & set(kinds))

    def is_document(self, node: Node) -> bool:
        """Whether the node holds a free object that Pulumi writes as JSON text, as policies are."""
        return self.takes(node, "object")

    def _alternatives(self, node: Node) -> Iterator[Node]:
        """The node and what it is combined of, as far as they list properties."""
        node = self.resolved(node)
        if "properties" in node:
            yield node
        for keyword in _COMBINED:
            for each in node.get(keyword, []):
                yield from self._alternatives(each)
