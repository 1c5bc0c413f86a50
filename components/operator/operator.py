"""The Kubeflow Spark Operator: makes drivers of SparkApplications, in the namespaces of teams and no others.

Leaves out what applications may do, which the namespaces decide, the scheduler that places them, and their web pages.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.charts.release import release
from components.charts.settings import ChartsSettings
from components.charts.versions import SPARK_OPERATOR
from components.images.table import SPARK_OPERATOR_CONTROLLER
from components.operator.settings import OperatorSettings
from components.operator.submission import submission_files
from components.operator.values import METRICS_PORT, NAMESPACE, WEBHOOK_PORT, operator_values, operator_workload
from components.workloads.namespace import namespace
from components.workloads.network_policy import allow_from, bound_namespace, scrapers, within
from components.workloads.workload import Workload, object_name


class SparkOperator(pulumi.ComponentResource):
    """Controller and webhook, out of the project's chart.

    The definitions of its kinds come with the chart, so that whoever makes a SparkApplication waits for this component.

    Args:
        name: logical name.
        settings: size.
        charts: where the chart comes from.
        account: the environment's account.
        namespaces: of teams; they must exist before the release, which makes the operator's rights in them.
        defaults: file name to content of Spark's defaults, which every submission reads.
        control_plane: ranges of the subnets from which the API server calls the webhook.

    Outputs:
        namespace: the operator's own.

    Source: Kubeflow documentation, "Spark Operator"; the rights in teams' namespaces: charts/spark-operator-chart,
    templates/controller/rbac.yaml and templates/webhook/rbac.yaml.
    """

    namespace: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: OperatorSettings,
        charts: ChartsSettings,
        account: Account,
        *,
        namespaces: Sequence[str],
        defaults: pulumi.Input[Mapping[str, str]],
        control_plane: Sequence[IPv4Network],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SparkOperator", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.namespace = object_name(namespace(NAMESPACE, "restricted", opts=child).metadata)
        controller, webhook = (operator_workload(each).placed_in(self.namespace) for each in ("controller", "webhook"))
        # Its pods ask nothing of each other.
        bound_namespace(name, self.namespace, opts=child)
        for workload in (controller, webhook):
            purpose = f"{workload.component}-metrics"
            allow_from(f"{name}-{purpose}", workload, scrapers(), [METRICS_PORT], purpose=purpose, opts=child)
        api_server = within(control_plane)
        allow_from(f"{name}-webhook", webhook, api_server, [WEBHOOK_PORT], purpose="webhook", opts=child)
        files = self._publish(f"{name}-submission", controller, defaults)
        release(
            name,
            SPARK_OPERATOR,
            charts,
            namespace=self.namespace,
            values=operator_values(settings, SPARK_OPERATOR_CONTROLLER.below(account.images), namespaces, files),
            opts=child,
        )
        self.register_outputs({"namespace": self.namespace})

    def _publish(self, name: str, workload: Workload, defaults: pulumi.Input[Mapping[str, str]]) -> pulumi.Output[str]:
        """A ConfigMap of what submissions read; a change makes another, and rolls the controller."""
        made = kubernetes.core.v1.ConfigMap(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=workload.namespace, labels=workload.labels),
            data=pulumi.Output.from_input(defaults).apply(submission_files),
            immutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return object_name(made.metadata)
