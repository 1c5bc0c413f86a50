"""Policies are read strictly: what is not understood is an error that names the field."""

from typing import Any

import pytest

from offline.providers.values import UNKNOWN
from offline.reachability.errors import ReachabilityError
from offline.reachability.policy import EGRESS, INGRESS
from tests.offline.reachability.written import policy

PEER = {"podSelector": {}}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"tier": "admin"}, "spec has tier"),
        ({"policyTypes": ["Ingres"]}, "spec.policyTypes holds ['Ingres']"),
        ({"ingress": [{"from": [PEER], "action": "Deny"}]}, "spec.ingress[0] has action"),
        ({"egress": [{"from": [PEER]}]}, "spec.egress[0] has from"),
        ({"ingress": [{"from": [PEER | {"fqdn": "a"}]}]}, "spec.ingress[0].from[0] has fqdn"),
        ({"ingress": [{"from": [{}]}]}, "spec.ingress[0].from[0] names nobody"),
        ({"ingress": [{"from": [PEER | {"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}, "exclude each other"),
        (
            {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "not": []}}]}]},
            "spec.egress[0].to[0].ipBlock has not",
        ),
        ({"ingress": [{"ports": [{"port": 1, "end": 2}]}]}, "spec.ingress[0].ports[0] has end"),
        ({"ingress": [{"ports": [{"port": 1, "protocol": "ICMP"}]}]}, "protocol is ICMP"),
        ({"ingress": [{"ports": [{"port": "web", "endPort": 2}]}]}, "endPort needs a number"),
        ({"ingress": [{"from": [{"podSelector": {"matchLabels": {"a": UNKNOWN}}}]}]}, "not known before"),
    ],
)
def test_what_is_not_read_is_refused_by_its_place(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(ReachabilityError) as caught:
        policy(**spec)
    assert "NetworkPolicy a/rule" in str(caught.value)
    assert said in str(caught.value)


def test_directions_are_those_named_or_ingress_and_egress_where_it_has_rules() -> None:
    assert policy().rules.keys() == {INGRESS}
    assert policy(egress=[{}]).rules.keys() == {INGRESS, EGRESS}
    assert policy(egress=[]).rules.keys() == {INGRESS}
    assert policy(policyTypes=["Egress"]).rules.keys() == {EGRESS}
