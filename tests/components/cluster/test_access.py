"""Access entries follow the roles of the settings, one per role, with the policies of their kind."""

import re

from hypothesis import given
from hypothesis import strategies as st

from components.account import Account
from components.cluster.access import ADMINISTRATORS, plan_access
from components.cluster.settings import AccessSettings
from components.teams.names import group_of

ACCOUNT = Account("dev", "222222222222", "us-east-1")
KINDS = ("admin", "operator", "viewer", "ci")


def arn(role: str, account_id: str = ACCOUNT.id) -> str:
    return f"arn:aws:iam::{account_id}:role/{role}"


def policies(**roles: tuple[str, ...]) -> dict[str, list[str]]:
    """Entry key to the names of its policies."""
    return {key: list(each.policy_arns) for key, each in plan_access(AccessSettings(**roles), {}, ACCOUNT).items()}


def test_each_kind_gets_the_policies_that_its_work_needs() -> None:
    entries = policies(admin=(arn("a"),), operator=(arn("o"),), viewer=(arn("v"),), ci=(arn("c"),))

    assert entries == {
        "a": ["AmazonEKSClusterAdminPolicy"],
        "o": ["AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy"],
        "v": ["AmazonEKSViewPolicy"],
        "c": ["AmazonEKSClusterAdminPolicy"],
    }


def test_administrators_and_nobody_else_are_in_the_group_that_admission_policies_let_through() -> None:
    listed = AccessSettings(admin=(arn("a"),), operator=(arn("o"),), viewer=(arn("v"),), ci=(arn("c"),))
    entries = plan_access(listed, {group_of("admin"): [arn("t")]}, ACCOUNT)
    assert {key: tuple(each.groups) for key, each in entries.items()} == {
        "a": (ADMINISTRATORS,),
        "o": (),
        "v": (),
        "c": (),
        "t": ("moka:admin",),
    }
    assert not re.fullmatch(r"moka:[a-z0-9-]+", ADMINISTRATORS), "a team could be called so"


def test_policy_arns_are_those_that_eks_manages() -> None:
    [entry] = plan_access(AccessSettings(ci=(arn("c"),)), {}, ACCOUNT).values()

    name = "AmazonEKSClusterAdminPolicy"
    assert entry.policy_arns == {name: f"arn:aws:eks::aws:cluster-access-policy/{name}"}


def test_a_role_keeps_its_entry_when_its_kind_or_its_neighbours_change() -> None:
    before = policies(ci=(arn("c"),), viewer=(arn("v"), arn("w")))
    after = policies(ci=(arn("c"),), viewer=(arn("w"),), admin=(arn("v"),))

    assert set(before) == set(after)


def test_roles_of_one_name_in_two_accounts_have_entries_of_their_own() -> None:
    entries = plan_access(AccessSettings(ci=(arn("team/c"), arn("c", "999999999999"))), {}, ACCOUNT)

    assert {key: each.principal_arn for key, each in entries.items()} == {
        "c": arn("team/c"),
        "999999999999-c": arn("c", "999999999999"),
    }


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.text("abcxyz-", min_size=1, max_size=9)), unique_by=lambda x: x[1])
)
def test_every_listed_role_has_exactly_one_entry(roles: list[tuple[str, str]]) -> None:
    by_kind = {kind: tuple(arn(role) for each, role in roles if each == kind) for kind in KINDS}
    by_kind["ci"] = (*by_kind["ci"], arn("deploy"))

    entries = plan_access(AccessSettings(**by_kind), {}, ACCOUNT)

    listed = sorted(role for each in by_kind.values() for role in each)
    assert sorted(each.principal_arn for each in entries.values()) == listed


def test_people_of_teams_are_in_their_groups_and_get_no_policy() -> None:
    members = {"moka:sales": (arn("sales"), arn("both")), "moka:ads": (arn("both"),)}
    entries = plan_access(AccessSettings(ci=(arn("c"),)), members, ACCOUNT)

    assert {key: (each.groups, each.policy_arns) for key, each in entries.items() if key != "c"} == {
        "sales": (["moka:sales"], {}),
        "both": (["moka:ads", "moka:sales"], {}),
    }
    assert entries["c"].groups == ()
