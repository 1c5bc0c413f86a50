"""A recorded monitoring component, in the shapes that the stacks use."""

import pulumi

from components.account import Account
from components.monitoring.monitoring import Monitoring
from components.monitoring.settings import MonitoringSettings
from tests.components.workloads.pods import recorder
from tests.recorder import Recorder, record

ACCOUNT = Account("dev", "222222222222", "us-east-1")
SMALL = MonitoringSettings(storage="in-cluster", availability="single")
LARGE = MonitoringSettings()
SHAPES = {
    "small": SMALL,
    "large": LARGE,
    "managed-single": MonitoringSettings(availability="single"),
    "in-cluster-high": MonitoringSettings(storage="in-cluster"),
}

DAEMON_SET = "kubernetes:apps/v1:DaemonSet"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
WORKSPACE = "aws:amp/workspace:Workspace"
WORKSPACE_URL = "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/"


def build(settings: MonitoringSettings, *, protect: bool = True, preview: bool = False) -> Recorder:
    """Monitoring under the recording engine, with an endpoint for the workspace."""
    answers = recorder()
    answers.outputs[WORKSPACE] = lambda _: {"prometheusEndpoint": WORKSPACE_URL}
    return record(
        lambda: Monitoring(
            "monitoring",
            settings,
            ACCOUNT,
            cluster_name=pulumi.Output.from_input("moka-dev"),
            protect=protect,
        ),
        answers,
        preview=preview,
    )
