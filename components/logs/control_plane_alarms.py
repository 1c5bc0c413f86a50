"""Alarms on what the control plane logs: refused log-ins, and use of the break-glass roles.

Leaves out the log group itself, which is the cluster's, and the topic, which is the environment's.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.alerts.settings import AlertsSettings
from components.logs.control_plane_patterns import REFUSED_BY_AUTHENTICATOR, UNAUTHORIZED, used_by

METRICS_NAMESPACE = "Moka/ControlPlane"
FAILURES_PERIOD_SECONDS = 300
# The shortest period of a metric that a filter makes.
BREAK_GLASS_PERIOD_SECONDS = 60


class ControlPlaneAlarms(pulumi.ComponentResource):
    """Metric filters on the control plane's log group, and an alarm for each metric.

    Args:
        name: logical name.
        settings: how many refused log-ins are too many.
        log_group_name: name of the group, as an output of it.
        topic_arn: ARN of the topic that is told.
        break_glass_roles: ARNs of the roles whose every use is told; empty for no such alarm.

    Source: Amazon EKS best practices guide, "Detective controls"; Amazon CloudWatch API, PutMetricAlarm.
    """

    def __init__(
        self,
        name: str,
        settings: AlertsSettings,
        *,
        log_group_name: pulumi.Input[str],
        topic_arn: pulumi.Input[str],
        break_glass_roles: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ControlPlaneAlarms", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._log_group_name = log_group_name
        self._topic_arn = topic_arn
        self._raise(
            f"{name}-authenticator",
            "RefusedByAuthenticator",
            {f"{name}-authenticator": REFUSED_BY_AUTHENTICATOR},
            at_least=settings.authentication_failures,
            period_seconds=FAILURES_PERIOD_SECONDS,
            description="IAM identities were refused by the Kubernetes API. docs/runbooks/RefusedByAuthenticator.md",
        )
        self._raise(
            f"{name}-unauthorized",
            "Unauthorized",
            {f"{name}-unauthorized": UNAUTHORIZED},
            at_least=settings.authentication_failures,
            period_seconds=FAILURES_PERIOD_SECONDS,
            description="The Kubernetes API refused credentials. docs/runbooks/Unauthorized.md",
        )
        if break_glass_roles:
            self._raise(
                f"{name}-break-glass",
                "BreakGlassUsed",
                {f"{name}-break-glass-{arn.rpartition('/')[2]}": used_by(arn) for arn in break_glass_roles},
                at_least=1,
                period_seconds=BREAK_GLASS_PERIOD_SECONDS,
                description="A break-glass role used the Kubernetes API. docs/runbooks/BreakGlassUsed.md",
            )
        self.register_outputs({})

    def _raise(
        self,
        name: str,
        metric: str,
        patterns: Mapping[str, str],
        *,
        at_least: int,
        period_seconds: int,
        description: str,
    ) -> None:
        for filter_name, pattern in patterns.items():
            aws.cloudwatch.LogMetricFilter(
                filter_name,
                log_group_name=self._log_group_name,
                pattern=pattern,
                metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                    name=metric, namespace=METRICS_NAMESPACE, value="1", unit="Count"
                ),
                opts=self._child,
            )
        aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=description,
            namespace=METRICS_NAMESPACE,
            metric_name=metric,
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=at_least,
            period=period_seconds,
            evaluation_periods=1,
            # Filters publish nothing while no line matches, which is the good state.
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic_arn],
            opts=self._child,
        )
