"""Celeborn under the recording engine."""

from components.account import Account
from components.cluster.node_group_settings import NodeGroupSettings
from components.shuffle.capacity import Workers, workers_on
from components.shuffle.celeborn import Celeborn
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
TEAMS = ("spark-sales", "spark-search")


def group(*types: str, size: int = 3) -> NodeGroupSettings:
    """A node group that is kept for shuffles."""
    return NodeGroupSettings(workload="shuffle", architecture="arm64", instance_types=types, size=size, max_pods=16)


def workers(*types: str, size: int = 3) -> Workers:
    """The workers on one such group."""
    found = workers_on([group(*types or ("im4gn.2xlarge",), size=size)])
    assert found is not None
    return found


def build(size: int = 3, namespaces: tuple[str, ...] = TEAMS) -> Recorder:
    """Masters and workers."""
    return record(
        lambda: Celeborn(
            "celeborn",
            workers=workers(size=size),
            namespaces=namespaces,
        ),
        recorder(),
    )
