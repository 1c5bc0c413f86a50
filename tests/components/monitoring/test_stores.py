"""Where samples are kept, for how long, and who may write them."""

import json

import pulumi
import pytest

from components.monitoring.collectors import Collectors
from components.monitoring.settings import MonitoringSettings
from tests.components.monitoring.environment import (
    ACCOUNT,
    CLAIM,
    DAEMON_SET,
    DEPLOYMENT,
    LARGE,
    SMALL,
    WORKSPACE,
    WORKSPACE_URL,
    ZONES,
    build,
    compose,
    replicas,
)
from tests.components.workloads.pods import (
    containers,
    mebibytes,
    recorder,
    variables,
)
from tests.recorder import Recorder, record


def test_prometheus_keeps_days_and_leaves_a_fifth_of_its_volume(small: Recorder) -> None:
    settings = MonitoringSettings(
        storage="in-cluster", availability="single", retention_days=7, volume_gib=50, prometheus_memory_gib=3
    )
    recorded = build(settings)
    (prometheus,) = replicas(recorded, "prometheus")
    arguments = containers(prometheus)[0]["args"]
    assert "--storage.tsdb.retention.time=7d" in arguments
    assert "--storage.tsdb.retention.size=40GB" in arguments
    claim = recorded.named(CLAIM, "prometheus-0").inputs["spec"]
    assert claim["resources"]["requests"]["storage"] == "50Gi"
    assert mebibytes(containers(prometheus)[0]["resources"]["limits"]["memory"]) == 3072
    assert "--web.enable-remote-write-receiver" in containers(replicas(small, "prometheus")[0])[0]["args"]


def test_in_cluster_storage_keeps_nothing_in_aws(small: Recorder) -> None:
    assert not [each.type for each in small.registrations if each.type.startswith(("aws:amp", "aws:kms", "aws:s3"))]


def test_collectors_have_an_identity_from_their_first_day_and_no_permission_before_there_is_a_workspace(
    any_shape: Recorder, small: Recorder
) -> None:
    associations = any_shape.of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert {(each.inputs["namespace"], each.inputs["serviceAccount"]) for each in associations} == {
        ("monitoring", "otel-agent"),
        ("monitoring", "otel-cluster"),
        ("monitoring", "alertmanager"),
    }
    assert {each.name for each in small.of("aws:iam/rolePolicy:RolePolicy")} == {"alertmanager-pod"}


def test_managed_storage_makes_an_encrypted_workspace_that_only_collectors_may_write_to(large: Recorder) -> None:
    workspace = large.only(WORKSPACE)
    assert workspace.inputs["kmsKeyArn"] == "arn:aws:key:us-east-1:222222222222:key/metrics-workspace"
    assert workspace.inputs["loggingConfiguration"]["logGroupArn"].endswith(":*")
    assert large.only("aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"] == workspace.inputs["kmsKeyArn"]
    for collector in ("collectors-agent", "collectors-cluster"):
        policy = large.named("aws:iam/rolePolicy:RolePolicy", f"{collector}-pod")
        (statement,) = json.loads(policy.inputs["policy"])["Statement"]
        assert statement["Action"] == ["aps:RemoteWrite"]
        assert statement["Resource"] == ["arn:aws:workspace:us-east-1:222222222222:workspace/metrics-workspace"]


def test_collectors_write_where_the_workspace_takes_samples(large: Recorder) -> None:
    for workload in (large.only(DAEMON_SET), large.only(DEPLOYMENT)):
        values = variables(containers(workload)[0])
        assert values["AMAZON_REMOTE_WRITE_URL"] == f"{WORKSPACE_URL}api/v1/remote_write"


def test_the_workspace_and_its_key_are_protected_where_the_environment_is(large: Recorder) -> None:
    assert large.only(WORKSPACE).protect
    assert large.only("aws:kms/key:Key").protect
    assert not build(LARGE, protect=False).only(WORKSPACE).protect


def test_collectors_refuse_a_store_that_settings_do_not_name() -> None:
    with pytest.raises(ValueError, match="storage is amazon-managed"):
        record(
            lambda: Collectors("collectors", LARGE, ACCOUNT, zones=ZONES, namespace="monitoring", store=None),
            recorder(),
        )


def test_pace_and_memory_of_collectors_come_from_settings() -> None:
    settings = MonitoringSettings(scrape_interval_seconds=60, agent_memory_mib=1024, cluster_collector_memory_mib=4096)
    recorded = build(settings)
    agent, cluster = recorded.only(DAEMON_SET), recorded.only(DEPLOYMENT)
    assert variables(containers(agent)[0])["SCRAPE_INTERVAL"] == "60s"
    assert variables(containers(agent)[0])["SCRAPE_TIMEOUT"] == "55s"
    assert mebibytes(containers(agent)[0]["resources"]["limits"]["memory"]) == 1024
    assert mebibytes(containers(cluster)[0]["resources"]["limits"]["memory"]) == 4096


@pytest.mark.parametrize("interval", [10, 15, 30, 300])
def test_a_scrape_never_outlasts_its_interval(interval: int) -> None:
    assert 10 <= MonitoringSettings(scrape_interval_seconds=interval).scrape_timeout_seconds <= interval


def test_outputs_tell_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    def show() -> None:
        made = compose(SMALL, protect=False)
        assert made.workspace_id is None
        assert made.workspace_endpoint is None
        pulumi.Output.all(made.prometheus_url, made.grafana_command, made.grafana_password_command).apply(
            lambda outputs: print(*outputs, sep="\n")
        )

    record(show, recorder())
    url, login, password = capsys.readouterr().out.splitlines()
    assert url == "http://prometheus.monitoring.svc:9090"
    assert login == "kubectl --namespace monitoring port-forward service/grafana 3000:3000"
    assert password.endswith("exec grafana-0-0 --container grafana -- cat /var/lib/grafana/admin-password")
