"""The canary's CronJobs as pure functions of settings and names."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.images.table import PYTHON
from components.logs.canary_settings import LogCanarySettings
from components.workloads.config_files import config_volume
from components.workloads.containers import mount, resources, variables
from components.workloads.scheduling import on_system_nodes
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.workload import Workload

NAMESPACE = "log-canary"
WRITER = Workload("log-canary-writer", "log-canary", NAMESPACE, PYTHON)
CHECKER = Workload("log-canary-checker", "log-canary", NAMESPACE, PYTHON)

INTERVAL_MINUTES = 5
# Between two lines, so that no check competes with the write of the next one.
CHECK_SCHEDULE = f"3-59/{INTERVAL_MINUTES} * * * *"
WRITE_SCHEDULE = f"*/{INTERVAL_MINUTES} * * * *"
# A run that could not start in time is skipped; the next one is minutes away.
STARTING_DEADLINE_SECONDS = 120
RUN_DEADLINE_SECONDS = 240
KEPT_SECONDS = 3600
USER_ID = 65532
MEMORY_MIB = 128

Core = kubernetes.core.v1
Batch = kubernetes.batch.v1


def check_environment(
    settings: LogCanarySettings, account: Account, system_bucket: pulumi.Input[str]
) -> dict[str, pulumi.Input[str]]:
    """Values of the variables that files/canary_check.py reads."""
    return {
        "AWS_REGION": account.region,
        "CLUSTER_NAME": account.cluster_name,
        "SYSTEM_BUCKET": system_bucket,
        "INTERVAL_MINUTES": str(INTERVAL_MINUTES),
        "BOUND_MINUTES": str(settings.bound_minutes),
    }


def cron_job_spec(
    workload: Workload,
    script: str,
    schedule: str,
    values: Mapping[str, pulumi.Input[str]],
    config_map: pulumi.Input[str],
) -> kubernetes.batch.v1.CronJobSpecArgs:
    """Run a script every few minutes, once at a time, and count a failure at once: the next run is the retry.

    Args:
        workload: whose pods they are.
        script: file name under /canary.
        schedule: when, as cron has it.
        values: environment variables.
        config_map: name of the ConfigMap that holds the scripts.
    """
    container = Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        # The image's own entry point waits for calls of AWS Lambda.
        command=["python3", f"/canary/{script}"],
        env=variables(
            {"PYTHONDONTWRITEBYTECODE": "1", **values},
            {"JOB_NAME": "metadata.labels['batch.kubernetes.io/job-name']"},
        ),
        resources=resources(cpu="20m", memory_mib=MEMORY_MIB),
        security_context=restricted_container(),
        volume_mounts=[mount("scripts", "/canary", read_only=True)],
    )
    pod = Core.PodSpecArgs(
        service_account_name=workload.name,
        automount_service_account_token=False,
        restart_policy="Never",
        node_selector=on_system_nodes(),
        security_context=restricted_pod(USER_ID),
        containers=[container],
        volumes=[config_volume("scripts", config_map)],
    )
    return Batch.CronJobSpecArgs(
        schedule=schedule,
        concurrency_policy="Forbid",
        starting_deadline_seconds=STARTING_DEADLINE_SECONDS,
        successful_jobs_history_limit=2,
        failed_jobs_history_limit=3,
        job_template=Batch.JobTemplateSpecArgs(
            spec=Batch.JobSpecArgs(
                backoff_limit=0,
                active_deadline_seconds=RUN_DEADLINE_SECONDS,
                ttl_seconds_after_finished=KEPT_SECONDS,
                template=Core.PodTemplateSpecArgs(metadata=workload.pod_metadata(), spec=pod),
            )
        ),
    )
