"""Who publishes alerts, who writes samples, and who draws them."""

from components.account import Account
from components.identity.programs.call import Call, Program
from components.identity.programs.logs import through
from components.monitoring.settings import MonitoringSettings


def monitoring_programs(account: Account, settings: MonitoringSettings) -> tuple[Program, ...]:
    """Alertmanager and the collectors; Amazon Managed Grafana where dashboards are its.

    Args:
        account: the environment's account.
        settings: where samples and dashboards are.
    """
    write = Call(("aps:RemoteWrite",), ("{workspace}",), "components/monitoring/files: exporter prometheusremotewrite")
    collectors = tuple(
        Program(f"The {kind} collector", f"collectors-{kind}-pod", (write,) if _is_managed(settings) else ())
        for kind in ("agent", "cluster")
    )
    return (_alertmanager(account), *collectors, *([_grafana()] if settings.grafana == "amazon-managed" else []))


def _is_managed(settings: MonitoringSettings) -> bool:
    return settings.storage == "amazon-managed"


def _alertmanager(account: Account) -> Program:
    return Program(
        "Alertmanager",
        "alertmanager-pod",
        (
            Call(("sns:Publish",), ("{alerts}", "{heartbeat}"), "prometheus/alertmanager, notify/sns/sns.go"),
            Call(
                ("kms:GenerateDataKey", "kms:Decrypt"),
                ("{alerts_key}",),
                "Amazon SNS developer guide, Configuring AWS KMS permissions: publishers of an encrypted topic",
                through(account, "sns"),
            ),
        ),
    )


def _grafana() -> Program:
    return Program(
        "Amazon Managed Grafana",
        "managed-grafana",
        (
            Call(
                (
                    "aps:DescribeWorkspace",
                    "aps:GetLabels",
                    "aps:GetMetricMetadata",
                    "aps:GetSeries",
                    "aps:QueryMetrics",
                ),
                ("{workspace}",),
                "Amazon Managed Grafana user guide, permissions and policies for AWS data sources: one workspace",
            ),
        ),
    )
