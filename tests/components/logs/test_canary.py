"""The canary's objects, as the engine sees them."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.account import Account
from components.logs.canary import FILES, LogCanary
from components.logs.canary_settings import LogCanarySettings
from components.settings_error import SettingsError
from tests.components.logs.stack_policies import policies_of
from tests.components.workloads.pods import CONFIG_MAP, openings, recorder, variables, violations_of_restricted
from tests.recorder import Recorder, record
from tests.stack_files import Tree, settings

ACCOUNT = Account("dev", "222222222222", "us-east-1")
CRON_JOB = "kubernetes:batch/v1:CronJob"
WRITER, CHECKER = "log-canary-writer", "log-canary-checker"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return record(
        lambda: LogCanary(
            "log-canary",
            LogCanarySettings(bound_minutes=20),
            ACCOUNT,
            system_bucket=pulumi.Output.from_input("systems"),
        ),
        recorder(),
    )


def pod(recorded: Recorder, name: str) -> dict[str, Any]:
    return recorded.named(CRON_JOB, name).inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("name", [WRITER, CHECKER])
def test_one_run_at_a_time_ends_soon_and_leaves_little_behind(recorded: Recorder, name: str) -> None:
    spec = recorded.named(CRON_JOB, name).inputs["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["startingDeadlineSeconds"] <= 5 * 60
    job = spec["jobTemplate"]["spec"]
    assert job["activeDeadlineSeconds"] < 5 * 60
    assert job["backoffLimit"] == 0, "a failed check must be seen, not repeated until it passes"
    assert job["ttlSecondsAfterFinished"] == 3600
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (2, 3)


def test_the_checker_looks_in_steps_of_the_writers_schedule(recorded: Recorder) -> None:
    schedules = {each.name: each.inputs["spec"]["schedule"] for each in recorded.of(CRON_JOB)}
    values = variables(pod(recorded, CHECKER)["containers"][0])
    assert schedules == {
        WRITER: f"*/{values['INTERVAL_MINUTES']} * * * *",
        CHECKER: f"3-59/{values['INTERVAL_MINUTES']} * * * *",
    }
    assert values["BOUND_MINUTES"] == "20"
    assert (values["SYSTEM_BUCKET"], values["CLUSTER_NAME"], values["AWS_REGION"]) == (
        "systems",
        "moka-dev",
        "us-east-1",
    )


def test_the_writers_jobs_have_the_name_that_the_checker_looks_for(recorded: Recorder) -> None:
    name = recorded.named(CRON_JOB, WRITER).inputs["metadata"]["name"]
    assert f'job = f"{name}-{{minute}}"' in (FILES / "canary_check.py").read_text()
    values = variables(pod(recorded, WRITER)["containers"][0])
    assert values["JOB_NAME"] == "metadata.labels['batch.kubernetes.io/job-name']"


@pytest.mark.parametrize("name", [WRITER, CHECKER])
def test_pods_are_restricted_and_get_no_token_of_the_kubernetes_api(recorded: Recorder, name: str) -> None:
    workload = recorded.named(CRON_JOB, name)
    as_workload = replace(workload, inputs=workload.inputs["spec"]["jobTemplate"])
    assert violations_of_restricted(as_workload) == []
    spec = pod(recorded, name)
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == name
    container = spec["containers"][0]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert set(container["resources"]["limits"]) == {"memory"}
    assert recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"][
        "pod-security.kubernetes.io/enforce"
    ] == ("restricted")


def test_nobody_reaches_the_pods_from_outside_the_namespace(recorded: Recorder) -> None:
    assert openings(recorded) == []


def test_the_pods_run_the_scripts_that_are_tested(recorded: Recorder) -> None:
    files = recorded.only(CONFIG_MAP).inputs["data"]
    for name, script in ((WRITER, "canary_write.py"), (CHECKER, "canary_check.py")):
        assert pod(recorded, name)["containers"][0]["command"] == ["python3", f"/canary/{script}"]
        assert files[script] == (FILES / script).read_text()


@pytest.mark.parametrize(
    ("action", "purpose", "key", "decision"),
    [
        ("s3:GetObject", "system-logs", "system/moka-dev/2026/11/20/log-canary-writer-1-a/1.log.gz", "allowed"),
        ("s3:GetObject", "system-logs", "system/moka-dev/2026/11/20/coredns-1/1.log.gz", "not allowed"),
        ("s3:GetObject", "system-logs", "system/moka-test/2026/11/20/log-canary-writer-1-a/1.log.gz", "not allowed"),
        ("s3:GetObject", "system-logs", "yunikorn-usage/moka-dev/dt=2026-11-20/1.json.gz", "not allowed"),
        ("s3:GetObject", "spark-logs", "system/moka-dev/2026/11/20/log-canary-writer-1-a/1.log.gz", "not allowed"),
        ("s3:PutObject", "system-logs", "system/moka-dev/2026/11/20/log-canary-writer-1-a/1.log.gz", "denied"),
        ("s3:DeleteObject", "system-logs", "system/moka-dev/2026/11/20/log-canary-writer-1-a/1.log.gz", "denied"),
    ],
)
def test_the_checker_reads_lines_of_the_writer_and_does_nothing_else(
    action: str, purpose: str, key: str, decision: str
) -> None:
    assert policies_of("dev").decide("moka-dev-log-canary-pod", action, purpose, key) == decision


def test_the_checker_finds_lines_of_the_writer_and_lists_nothing_else() -> None:
    role, dev = "moka-dev-log-canary-pod", policies_of("dev")

    def find(purpose: str, prefix: str) -> str:
        return dev.decide(role, "s3:ListBucket", purpose, context={"s3:prefix": prefix})

    assert find("system-logs", "system/moka-dev/2026/11/20/log-canary-writer-29400000-") == "allowed"
    assert find("system-logs", "system/moka-dev/2026/11/20/") == "not allowed"
    assert find("system-logs", "") == "not allowed"
    assert find("spark-logs", "system/moka-dev/2026/11/20/log-canary-writer-29400000-") == "not allowed"


def test_a_bound_that_the_agent_cannot_keep_is_refused() -> None:
    def change(tree: Tree) -> None:
        tree["logs"] = {**tree.get("logs", {}), "system_upload_interval_minutes": 12}

    with pytest.raises(SettingsError, match=r"(?s)canary\.bound_minutes.*must be at least 17"):
        settings("dev", change)
