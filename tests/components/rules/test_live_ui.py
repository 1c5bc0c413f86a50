"""The live Spark UI is of teams that exist, with a certificate of the environment's own account and Region."""

from typing import Any

import pytest

from components.settings_error import SettingsError
from tests.components.spark_ui.ui_environment import in_stack
from tests.stack_files import Tree, settings

CERTIFICATE = "certificate/12345678-1234-1234-1234-123456789012"
WRONG: list[tuple[dict[str, Any], str, str]] = [
    (
        {"groups": {"analytics": "data-analytics", "sales": "data-sales"}},
        "spark.live_ui.groups.sales = sales",
        "must be one of teams: analytics",
    ),
    (
        {"certificate_arn": f"arn:aws:acm:eu-west-1:222222222222:{CERTIFICATE}"},
        f"spark.live_ui.certificate_arn = arn:aws:acm:eu-west-1:222222222222:{CERTIFICATE}",
        "must be of account 222222222222 in us-east-1",
    ),
    (
        {"certificate_arn": f"arn:aws:acm:us-east-1:333333333333:{CERTIFICATE}"},
        "spark.live_ui.certificate_arn",
        "must be of account 222222222222 in us-east-1",
    ),
    ({"allowed_cidrs": ["8.8.8.0/24"]}, "spark.live_ui.allowed_cidrs.0 = 8.8.8.0/24", "a range of private addresses"),
    (
        {"allowed_cidrs": ["10.200.0.0/16", "10.201.0.0/16", "10.200.0.0/16"]},
        "spark.live_ui.allowed_cidrs.2 = 10.200.0.0/16",
        "must not repeat a range",
    ),
    ({"groups": {"analytics": "cn=data,ou=groups"}}, "spark.live_ui.groups.analytics", "cn=data,ou=groups"),
]


def test_a_page_of_a_team_that_exists_loads() -> None:
    live_ui = settings("dev", in_stack()).spark.live_ui
    assert live_ui is not None
    assert live_ui.pages == {"analytics": "https://spark-ui.moka.internal/spark-analytics/"}


def test_no_stack_has_it_unless_it_is_asked_for() -> None:
    assert settings("production").spark.live_ui is None


@pytest.mark.parametrize(("changed", "field", "rule"), WRONG)
def test_what_only_aws_or_a_login_would_refuse_is_refused(changed: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings("dev", in_stack(**changed))
    assert field in str(refused.value)
    assert rule in str(refused.value)


def test_without_teams_no_page_is_anybodys() -> None:
    def change(tree: Tree) -> None:
        in_stack()(tree)
        tree["teams"] = {}

    with pytest.raises(SettingsError, match="must be one of teams: there is none"):
        settings("dev", change)
