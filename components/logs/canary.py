"""The log canary: a line that is written every few minutes, and a check that it came out in Amazon S3 in time.

Leaves out the alerts on it, which stand in `monitoring/files/rules/logging.yaml`.
"""

from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.logs.canary_manifests import (
    CHECK_SCHEDULE,
    CHECKER,
    NAMESPACE,
    WRITE_SCHEDULE,
    WRITER,
    check_environment,
    cron_job_spec,
)
from components.logs.canary_settings import LogCanarySettings
from components.workloads.access import service_account
from components.workloads.config_files import config_files
from components.workloads.namespace import namespace
from components.workloads.network_policy import bound_namespace
from components.workloads.workload import object_name

FILES = Path(__file__).parent / "files"


class LogCanary(pulumi.ComponentResource):
    """Two CronJobs in a namespace of their own: one writes a numbered line, the other looks for it in the bucket.

    It tests the whole way of a system pod's line, on the node where the writer happens to run: file, agent, identity,
    bucket and key. What it can't see are the agents of other nodes, whose metrics the other alerts watch.

    Args:
        name: logical name.
        settings: how long a line may take.
        account: the environment's account.
        system_bucket: name of the bucket of system pod logs.
    """

    def __init__(
        self,
        name: str,
        settings: LogCanarySettings,
        account: Account,
        *,
        system_bucket: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogCanary", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        space = object_name(namespace(NAMESPACE, "restricted", opts=child).metadata)
        bound_namespace(name, space, opts=child)
        writer, checker = WRITER.placed_in(space), CHECKER.placed_in(space)
        scripts = config_files(
            f"{name}-scripts", checker, (FILES / "canary_check.py", FILES / "canary_write.py"), opts=child
        )
        for role, workload, script, schedule, values in (
            ("writer", writer, "canary_write.py", WRITE_SCHEDULE, {}),
            (
                "checker",
                checker,
                "canary_check.py",
                CHECK_SCHEDULE,
                check_environment(settings, account, system_bucket),
            ),
        ):
            user = service_account(f"{name}-{role}", workload, opts=child)
            kubernetes.batch.v1.CronJob(
                f"{name}-{role}",
                metadata=workload.metadata(),
                spec=cron_job_spec(workload, script, schedule, values, scripts),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[user]),
            )
        self.register_outputs({})
