"""The evaluator of filter patterns, by examples of AWS's guide."""

import pytest

from tests.filter_pattern import matches

# The event of the guide's section on JSON patterns, shortened.
EVENT = (
    '{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],'
    ' "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "errorCode": 400, "flag": true}'
)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ('{ $.eventType = "updatetrail" }', False),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[1] = "value" }', False),
        ('{ $.arrayKey[9] = "value" }', False),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.errorCode = 400 }", True),
        ('{ $.errorCode = "400" }', False),
        ("{ $.flag = 1 }", False),
        ("{ $.missing.deeper = 1 }", False),
        ('"UpdateTrail" "111.111"', True),
        ('"UpdateTrail" "222.222"', False),
        ('"updatetrail"', False),
    ],
)
def test_it_decides_as_the_guide_says(pattern: str, expected: bool) -> None:
    assert matches(pattern, EVENT) is expected


def test_a_json_pattern_passes_over_text() -> None:
    assert not matches("{ $.errorCode = 400 }", "errorCode = 400")


@pytest.mark.parametrize("pattern", ["", "ERROR", "[a, b]", "{ $.a = 1 && $.b = 2 }", '{ $.a = "x*" }', '"a\\"b"'])
def test_what_it_does_not_know_is_an_error(pattern: str) -> None:
    with pytest.raises(ValueError, match="is neither quoted terms"):
        matches(pattern, "{}")
