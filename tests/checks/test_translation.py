"""The one translation: names, shapes and places, and whether the table of types fits the schemas."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from offline.providers.aws.calls import call_shape, errors_of
from offline.providers.aws.mapping import given, in_cloudformation, mapped_nowhere
from offline.providers.aws.schemas import schema_shape
from offline.providers.aws.shape import Node, Shape, camel
from offline.providers.aws.translation import translate
from offline.providers.aws.types import TYPES
from offline.providers.aws.wording import Translation, Wording, steps
from offline.providers.values import UNKNOWN

TEXT = {"type": "string"}
SHAPE = Shape(
    {
        "definitions": {"Tag": {"type": "object", "properties": {"Key": TEXT, "Value": TEXT}}},
        "type": "object",
        "properties": {
            "KMSKeyID": TEXT,
            "Enabled": {"type": "boolean"},
            "Size": {"type": "integer"},
            "Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}},
            "Policy": {"type": "object"},
            "Labels": {"type": "object", "additionalProperties": TEXT},
            "Config": {"type": "object", "properties": {"Mode": TEXT, "Days": {"type": "integer"}}},
            "Rules": {
                "type": "array",
                "items": {"type": "object", "properties": {"Id": TEXT, "ExpireDays": {"type": "integer"}}},
            },
            "Types": {"type": "array", "items": {"type": "object", "properties": {"Type": TEXT}}},
        },
    }
)


def translated(inputs: dict[str, Any], **wording: Any) -> Translation:
    return translate(inputs, SHAPE, Wording(**wording))


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("KMSMasterKeyID", "kmsMasterKeyId"),
        ("SSEAlgorithm", "sseAlgorithm"),
        ("OKActions", "okActions"),
        ("EnableDns64", "enableDns64"),
        ("CidrIpv6", "cidrIpv6"),
        ("clusterName", "clusterName"),
        ("ID", "id"),
    ],
)
def test_names_are_written_as_pulumi_writes_them(name: str, ours: str) -> None:
    assert camel(name) == ours


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"kmsKeyId": "k"}, {"KMSKeyID": "k"}),
        ({"enabled": "true", "size": "3"}, {"Enabled": True, "Size": 3}),
        ({"kmsKeyId": 3}, {"KMSKeyID": "3"}),
        ({"kmsKeyId": True}, {"KMSKeyID": "true"}),
        ({"kmsKeyId": {"a": 1}}, {"KMSKeyID": '{"a": 1}'}),
        ({"tags": {"a/b": "c"}}, {"Tags": [{"Key": "a/b", "Value": "c"}]}),
        ({"tags": [{"key": "a", "value": "c"}]}, {"Tags": [{"Key": "a", "Value": "c"}]}),
        ({"policy": '{"a": [1]}'}, {"Policy": {"a": [1]}}),
        ({"policy": "{broken"}, {"Policy": "{broken"}),
        ({"labels": {"camelCase": "kept"}}, {"Labels": {"camelCase": "kept"}}),
        ({"config": [{"mode": "x"}]}, {"Config": {"Mode": "x"}}),
        ({"rules": {"id": "only"}}, {"Rules": [{"Id": "only"}]}),
        ({"config": UNKNOWN, "tags": UNKNOWN}, {"Config": UNKNOWN, "Tags": UNKNOWN}),
        ({"config": None, "tags": {}, "rules": []}, {}),
    ],
)
def test_values_take_the_shape_that_the_schema_asks_for(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert translated(inputs).properties == expected


def test_a_way_leads_down_through_lists_and_up_into_the_parent() -> None:
    result = translated(
        {"mode": "x", "logTypes": ["a", "b"], "first": "y", "rules": [{"id": "r", "expiration": {"days": 3}}]},
        renamed={
            "mode": "Config.Mode",
            "logTypes": "Types[].Type",
            "first": "Tags[0].Value",
            "rules.expiration": "",
            "rules.expiration.days": "ExpireDays",
        },
    )
    assert result.properties == {
        "Config": {"Mode": "x"},
        "Types": [{"Type": "a"}, {"Type": "b"}],
        "Tags": [{"Value": "y"}],
        "Rules": [{"Id": "r", "ExpireDays": 3}],
    }
    assert result.place(("Rules", 0, "ExpireDays")) == "rules.0.expiration.days"
    assert result.place(("Types", 1, "Type")) == "logTypes.1"
    assert result.place(("Config",)) == "mode"
    assert result.unmapped == ()


def test_places_of_a_list_are_filled_in_any_order_and_each_by_itself() -> None:
    result = translated(
        {"last": "c", "first": "a"},
        renamed={"first": "Tags[0].Value", "last": "Tags[2].Value"},
        implied={"first": {"Tags[0].Key": "A"}, "last": {"Tags[2].Key": "C"}},
    )
    assert result.properties == {"Tags": [{"Key": "A", "Value": "a"}, {}, {"Key": "C", "Value": "c"}]}


def test_what_is_not_found_at_the_top_is_looked_for_inside_and_what_is_implied_goes_along() -> None:
    result = translated(
        {"mode": "x", "size": 1}, inside="Config", implied={"size": {"Enabled": True}, "other": {"KMSKeyID": "k"}}
    )
    assert result.properties == {"Config": {"Mode": "x"}, "Size": 1, "Enabled": True}


def test_what_has_no_name_is_reported_at_every_depth_even_when_it_is_empty() -> None:
    result = translated({"sizes": 1, "config": {"mode": "x", "moed": "y"}, "rules": [{"idd": []}]})
    assert result.unmapped == ("sizes", "config.moed", "rules.0.idd")


def test_a_map_keeps_the_place_of_each_entry() -> None:
    result = translated({"labels": {"a/b": "c"}, "tags": {"t": "v"}})
    assert result.place(("Labels", "a/b")) == "labels.a/b"
    assert result.place(("Tags", 0, "Value")) == "tags.t"
    assert result.place(("Tags", 0, "Key")) == "tags.t"


def test_default_tags_and_bookkeeping_are_not_the_programs_inputs() -> None:
    row = TYPES["aws:s3/bucket:Bucket"]
    inputs = {"bucket": "b", "bucketPrefix": "x", "forceDestroy": True, "region": "r", "__defaults": ["bucket"]}
    tags = {"tags": {"own": "1"}, "tagsAll": {"own": "0", "default": "2"}}
    assert given(row, {**inputs, **tags}) == {"bucket": "b", "tags": {"own": "1", "default": "2"}}
    assert given(row, {"tags": UNKNOWN, "tagsAll": UNKNOWN}) == {"tags": UNKNOWN}


def test_a_property_that_one_of_several_calls_takes_is_mapped() -> None:
    row = TYPES["aws:s3/bucketLogging:BucketLogging"]
    inputs = {"bucket": "b", "targetBucket": "l", "targetPrefix": "p", "expectedBucketOwner": "1", "targetPrefx": "q"}
    whole = in_cloudformation(row, inputs)
    assert whole
    assert whole[1].unmapped == ("expectedBucketOwner", "targetPrefx")
    assert mapped_nowhere(row, inputs, whole) == ("targetPrefx",)


def test_a_call_says_what_botocore_itself_does_not_check() -> None:
    shape = call_shape("iam", "CreateRole")
    assert shape.root["required"] == ["RoleName", "AssumeRolePolicyDocument"]
    assert shape.member(shape.root, "RoleName")["maxLength"] == 64
    assert shape.member(shape.root, "RoleName")["pattern"] == r"\A(?:[\w+=,.@-]+)\Z"
    assert "clientRequestToken" not in call_shape("eks", "CreateNodegroup").root["required"]


def wordings() -> Iterator[tuple[str, str, Wording, Shape]]:
    for token, row in sorted(TYPES.items()):
        if name := row.cloudformation or row.part_of:
            yield token, name, row, schema_shape(name)
        for each in row.calls:
            yield token, each.operation, each, call_shape(each.service, each.operation)


def end(shape: Shape, node: Node, way: tuple[str, ...]) -> Node:
    """The schema at the end of a way; empty where it leads nowhere."""
    for step in way:
        node = shape.item(node) if step.startswith("[") else shape.resolved(shape.member(node, step))
    return node


def node_of(shape: Shape, wording: Wording, key: str) -> Node:
    """The schema that a block of the inputs is translated into."""
    if not key:
        return shape.root
    parent, _, last = key.rpartition(".")
    above = node_of(shape, wording, parent)
    way = steps(wording.renamed[key]) if key in wording.renamed else (shape.named(above, last) or "",)
    found = end(shape, above, way)
    return shape.item(found) or found


@pytest.mark.parametrize(("token", "name", "wording", "shape"), list(wordings()))
def test_every_way_in_the_table_leads_somewhere(token: str, name: str, wording: Wording, shape: Shape) -> None:
    for key, way in wording.renamed.items():
        assert node_of(shape, wording, key), (token, name, key, way)
    for implied in wording.implied.values():
        for way in implied:
            assert end(shape, shape.root, steps(way)), (token, name, way)


@pytest.mark.parametrize("service", ["ec2", "eks", "iam", "s3", "kms", "sqs"])
def test_models_of_apis_are_those_that_botocore_would_load(service: str) -> None:
    model: Any = botocore.session.get_session().get_service_model(service)
    for operation in model.operation_names:
        errors = tuple(str(shape.name) for shape in model.operation_model(operation).error_shapes)
        assert errors_of(service, operation) == errors
