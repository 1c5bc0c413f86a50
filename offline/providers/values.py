"""Property values as the engine sends them: plain JSON, plus unknowns, secrets, outputs and resource references.

A marked value travels as an object with a signature key. Values are kept in that form so that whatever a provider
does not touch goes back exactly as it came.

Source: pulumi/pulumi, sdk/go/common/resource/properties.go and sdk/go/common/resource/plugin/rpc.go.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf import struct_pb2

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

Properties = dict[str, Any]


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Decode a protobuf struct, with integral numbers as `int` so that they read and serialise as AWS's do."""
    # protobuf's own order is another one in each process, and what is kept or told must not be.
    return {key: _from_value(value) for key, value in sorted(struct.fields.items())}


def _from_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        return value.string_value
    return value.bool_value if kind == "bool_value" else None


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Encode properties; a property that is None is left out, as the engine treats it as absent."""
    struct = struct_pb2.Struct()
    struct.update({key: value for key, value in properties.items() if value is not None})
    return struct


def plain(value: Any) -> Any:
    """The value without its marks: secrets and outputs opened, a reference replaced by the id (or URN) it names."""
    if isinstance(value, dict):
        signature = value.get(SIGNATURE)
        if signature is None:
            return {key: plain(item) for key, item in value.items()}
        if signature == RESOURCE:
            return value["id"] or UNKNOWN if "id" in value else value["urn"]
        return plain(value["value"]) if "value" in value else UNKNOWN
    if isinstance(value, list):
        return [plain(item) for item in value]
    return UNKNOWN if is_unknown(value) else value


def is_unknown(value: Any) -> bool:
    """Whether the value itself is not known before the deployment."""
    return isinstance(value, str) and value in UNKNOWNS


def has_unknown(value: Any) -> bool:
    """Whether the value or anything inside it is unknown."""
    return any(is_unknown(leaf) for leaf in _leaves(plain(value)))


def is_secret(value: Any) -> bool:
    """Whether the value or anything inside it is a secret."""
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET or any(is_secret(item) for item in value.values())
    return isinstance(value, list) and any(is_secret(item) for item in value)


def holds_secret(value: Any, path: Sequence[str]) -> bool:
    """Whether the value at a path is a secret, holds one or lies in one.

    Args:
        value: properties with their marks.
        path: keys and places in lists that lead there; where nothing is, what lies above counts.
    """
    for step in path:
        if isinstance(value, dict) and SIGNATURE not in value and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            break
    return is_secret(value)


def secret_texts(value: Any) -> Iterator[str]:
    """Every text that is marked secret in a value."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        yield from (leaf for leaf in _leaves(plain(value)) if isinstance(leaf, str) and not is_unknown(leaf))
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from secret_texts(item)


def secret(value: Any) -> Properties:
    """Mark a value as secret."""
    return {SIGNATURE: SECRET, "value": value}


def reference(urn: str, identifier: str | None = None) -> Properties:
    """A reference to a resource, as components put into their outputs; no id while a preview makes it."""
    marked: Properties = {SIGNATURE: RESOURCE, "urn": urn, "packageVersion": ""}
    return marked if identifier is None else marked | {"id": identifier or UNKNOWN}


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
