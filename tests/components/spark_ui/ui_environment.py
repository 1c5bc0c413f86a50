"""The live Spark UI under the recording engine."""

from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Any

from components.account import Account
from components.spark_ui.entrance import LiveUiEntrance
from components.spark_ui.live_ui import LiveUi
from components.spark_ui.settings import LiveUiSettings
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record
from tests.stack_files import Tree

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
SETTINGS: dict[str, Any] = {
    "host": "spark-ui.moka.internal",
    "certificate_arn": f"arn:aws:acm:{REGION}:{ACCOUNT_ID}:certificate/12345678-1234-1234-1234-123456789012",
    "allowed_cidrs": (IPv4Network("10.200.0.0/16"), IPv4Network("172.16.0.0/12")),
    "issuer_url": "https://login.moka.internal/realms/company",
    "client_id": "spark-ui",
    "groups": {"sales": "data-sales", "search": "data-search"},
}


def live_ui(**changed: Any) -> LiveUiSettings:
    """Settings of two teams, with some changed."""
    return LiveUiSettings(**(SETTINGS | changed))


def written(account_id: str, **changed: Any) -> dict[str, Any]:
    """Settings of the one team that every stack has, as a stack file holds them, with some changed."""
    return {
        **SETTINGS,
        "certificate_arn": SETTINGS["certificate_arn"].replace(ACCOUNT_ID, account_id),
        "allowed_cidrs": [str(each) for each in SETTINGS["allowed_cidrs"]],
        "groups": {"analytics": "data-analytics"},
        **changed,
    }


def in_stack(**changed: Any) -> Callable[[Tree], None]:
    """A change that switches it on in a stack's settings, with some of its own changed."""

    def change(tree: Tree) -> None:
        tree.setdefault("spark", {})["live_ui"] = written(tree["account_id"], **changed)

    return change


def build(settings: LiveUiSettings | None = None) -> Recorder:
    """The proxies."""
    chosen = settings or live_ui()
    namespaces = {team: f"spark-{team}" for team in chosen.groups}
    return record(
        lambda: LiveUi("live-ui", chosen, vpc_cidr=IPv4Network("10.16.0.0/20"), namespaces=namespaces), recorder()
    )


def build_entrance(settings: LiveUiSettings | None = None) -> Recorder:
    """The load balancer."""
    return record(
        lambda: LiveUiEntrance(
            "live-ui",
            settings or live_ui(),
            ACCOUNT,
            vpc_id="vpc-1",
            subnet_ids=["subnet-a", "subnet-b"],
            node_security_group_id="sg-nodes",
            autoscaling_groups={"system": "eks-system-1"},
        )
    )
