"""What AWS's API takes in a call that makes a resource, as a JSON schema, from the models that botocore carries.

The models hold more than botocore itself checks: enumerations, patterns and lengths. Leaves out what botocore encodes
on the way, times and binary content, and patterns that no Python expression can hold.

Source: https://github.com/boto/botocore/tree/develop/botocore/data and
https://smithy.io/2.0/spec/constraint-traits.html (patterns, lengths and ranges)
"""

import importlib
import warnings
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from offline.providers.aws.shape import Shape
from offline.quick_form import read_json

_KINDS = {
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
    "string": "string",
    "character": "string",
}
_LIMITS = {
    "string": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}


@cache
def errors_of(service: str, operation: str) -> tuple[str, ...]:
    """Names of the errors that an API documents for a call."""
    return tuple(str(shape.name) for shape in _service(service).operation_model(operation).error_shapes)


@cache
def call_shape(service: str, operation: str) -> Shape:
    """The input of one operation, for example `eks` and `CreateNodegroup`."""
    definitions: dict[str, Any] = {}
    root = _node(_service(service).operation_model(operation).input_shape, definitions)
    return Shape({**definitions[root["$ref"].rsplit("/", 1)[-1]], "definitions": definitions})


@cache
def _service(service: str) -> Any:
    """The newest model of a service. botocore's own loader would parse a megabyte of JSON anew in each process."""
    versions = Path(str(distribution("botocore").locate_file("botocore/data"))) / service
    (model,) = max(versions.iterdir(), key=lambda each: each.name).glob("service-2.json*")
    return importlib.import_module("botocore.model").ServiceModel(read_json(model), service)


def _node(shape: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if shape.type_name != "structure":
        return _simple(shape, definitions)
    if shape.name not in definitions:
        made: dict[str, Any] = definitions.setdefault(shape.name, {})
        members = {name: _node(member, definitions) for name, member in shape.members.items()}
        required = [name for name in shape.required_members if not members[name].get("filled")]
        made |= {"type": "object", "properties": members, "required": required, "additionalProperties": False}
    return {"$ref": f"#/definitions/{shape.name}"}


def _simple(shape: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if shape.type_name == "list":
        return {"type": "array", "items": _node(shape.member, definitions), **_limits(shape, "array")}
    if shape.type_name == "map":
        return {"type": "object", "additionalProperties": _node(shape.value, definitions), **_limits(shape, "object")}
    kind = _KINDS.get(shape.type_name)
    if kind is None:
        return {"encoded": shape.type_name}
    filled = {"filled": True} if shape.metadata.get("idempotencyToken") else {}
    return {"type": kind, **_limits(shape, kind), **_text(shape), **filled}


def _limits(shape: Any, kind: str) -> dict[str, Any]:
    return {
        keyword: shape.metadata[limit]
        for limit, keyword in zip(("min", "max"), _LIMITS.get(kind, ("", "")), strict=True)
        if keyword and limit in shape.metadata
    }


def _text(shape: Any) -> dict[str, Any]:
    if shape.metadata.get("enum"):
        return {"enum": list(shape.metadata["enum"])}
    pattern = shape.metadata.get("pattern")
    return {"pattern": rf"\A(?:{pattern})\Z"} if pattern and _compiles(pattern) else {}


def _compiles(pattern: str) -> bool:
    # AWS's patterns are Java's; `regex` reads most of them, classes such as `\p{L}` among them.
    expressions = importlib.import_module("regex")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            expressions.compile(pattern)
    except (expressions.error, Warning):
        return False
    return True
