"""Instance metadata answers pods where one node's options let it."""

from typing import Any

import pytest

from offline.reachability.metadata import NODE_CLASS, TEMPLATE, opening
from offline.reachability.ports import NO_PORT, tcp
from tests.offline.reachability.written import resource

CLOSED = {"httpTokens": "required", "httpPutResponseHopLimit": 1}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (CLOSED, ""),
        ({"httpEndpoint": "disabled"}, ""),
        (CLOSED | {"httpPutResponseHopLimit": 2}, "httpPutResponseHopLimit is 2"),
        (CLOSED | {"httpTokens": "optional"}, "httpTokens is optional"),
        ({"httpTokens": "required"}, "httpPutResponseHopLimit is not set"),
        ({}, "httpTokens is not set"),
    ],
)
def test_tokens_must_be_required_and_their_answers_end_at_the_node(options: dict[str, Any], said: str) -> None:
    template = resource(TEMPLATE, "a", {"metadataOptions": options})
    node_class = resource(NODE_CLASS, "a", {"spec": {"metadataOptions": options}})
    for each in (template, node_class):
        found = opening([resource(TEMPLATE, "right", {"metadataOptions": CLOSED}), each])
        assert found.possible == (tcp(80) if said else NO_PORT)
        assert [opener.name for opener in found.openers] == ([f"a: {said}"] if said else [])
