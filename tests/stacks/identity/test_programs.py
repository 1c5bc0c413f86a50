"""Every role does its own work, and is granted nothing beside it."""

from collections import Counter

from components.identity.programs.catalog import programs
from offline.checks.iam.grants import unused_grants
from offline.checks.iam.published import actions_like
from tests.stacks.identity.deployed import Deployed, managed_document


def test_each_role_is_one_programs(deployed: Deployed) -> None:
    assert Counter(each.role for each in programs(deployed.settings)) == Counter(deployed.roles.keys())


def test_each_call_is_one_that_aws_publishes_and_says_where_it_is_made(deployed: Deployed) -> None:
    for program in programs(deployed.settings):
        for call in program.calls:
            assert call.source, program.name
            assert [each for each in call.actions if len(actions_like(each)) != 1] == [], program.name


def test_each_role_may_do_what_its_program_does(deployed: Deployed) -> None:
    refused = [
        (role, request.action, request.resource, decision)
        for role, requests in deployed.requests().items()
        for request in requests
        if (decision := deployed.decide(role, request)) != "allowed"
    ]
    assert refused == []


def test_each_role_is_granted_nothing_that_its_program_does_not_do(deployed: Deployed) -> None:
    """Policies that AWS manages are AWS's to bound."""
    requests = deployed.requests()
    unused = [str(grant) for role, its in deployed.roles.items() for grant in unused_grants(its.inline, requests[role])]
    assert unused == [], "take it out of the policy, or put the call into components/identity/programs"


def test_aws_publishes_every_managed_policy_that_is_attached(deployed: Deployed) -> None:
    attached = {each for role in deployed.roles.values() for each in role.managed}
    assert attached
    assert [each for each in attached if not managed_document(each)["Statement"]] == []
