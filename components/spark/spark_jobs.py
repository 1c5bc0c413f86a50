"""Where Spark applications run: their namespace, their service account, their defaults, and what drivers may do there.

Leaves out operators, queues, the History Server, and what applications may do in AWS (`identities.py`).
"""

from collections.abc import Collection

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.spark.defaults import COMPANIONS, DEFAULTS, environment_lines, published_files
from components.spark.driver_budget import keep_drivers
from components.spark.event_log_volume import event_log_claim, event_log_volume
from components.spark.policies import driver_rules
from components.spark.settings import SparkSettings
from components.workloads.labels import PART_OF
from components.workloads.namespace import namespace
from components.workloads.workload import object_name

NAMESPACE = "spark"
SERVICE_ACCOUNT = "spark"
# People and other programs name it, so it keeps its name through every change of its content.
DEFAULTS_CONFIG_MAP = "spark-defaults"
DEFAULTS_COMMAND = (
    f"for file in {DEFAULTS} {' '.join(COMPANIONS)}; do"
    f" kubectl --namespace {NAMESPACE} get configmap {DEFAULTS_CONFIG_MAP}"
    """ --output go-template="{{index .data \\"$file\\"}}" > "$SPARK_CONF_DIR/$file"; done"""
)


class SparkJobs(pulumi.ComponentResource):
    """A namespace in which service account `spark` may run drivers that make executors and write event logs.

    Args:
        name: logical name.
        settings: defaults that differ between environments.
        account: the environment's account.
        event_log_bucket: name of the event-log bucket.
        node_workloads: workloads of the environment's node groups, among which drivers and executors choose.

    Outputs:
        namespace: the namespace's name.
        defaults: file name to content of the defaults.
        defaults_command: writes Spark's defaults to the directory that SPARK_CONF_DIR names.
    """

    namespace: pulumi.Output[str]
    defaults: pulumi.Output[dict[str, str]]
    defaults_command: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: SparkSettings,
        account: Account,
        *,
        event_log_bucket: pulumi.Input[str],
        node_workloads: Collection[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SparkJobs", name, None, opts)
        volume = event_log_volume(f"{name}-event-logs", NAMESPACE, opts=pulumi.ResourceOptions(parent=self))
        # "restricted" would refuse the pods that spark-submit makes: they set no seccomp profile and drop nothing. The
        # namespace goes before the volume, because running drivers hold the volume.
        space = namespace(NAMESPACE, "baseline", opts=pulumi.ResourceOptions(parent=self, depends_on=[volume]))
        self._allow_drivers(name, pulumi.ResourceOptions(parent=self, depends_on=[space]))
        keep_drivers(name, NAMESPACE, opts=pulumi.ResourceOptions(parent=self, depends_on=[space]))
        self.namespace = object_name(space.metadata)
        event_log_claim(f"{name}-event-logs", self.namespace, volume, opts=pulumi.ResourceOptions(parent=self))
        self.defaults = pulumi.Output.from_input(event_log_bucket).apply(
            lambda bucket: published_files(environment_lines(settings, account, bucket, node_workloads))
        )
        kubernetes.core.v1.ConfigMap(
            f"{name}-defaults",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=DEFAULTS_CONFIG_MAP,
                namespace=self.namespace,
                labels={"app.kubernetes.io/part-of": PART_OF},
            ),
            data=self.defaults,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.defaults_command = pulumi.Output.from_input(DEFAULTS_COMMAND)
        self.register_outputs({"namespace": self.namespace, "defaults_command": self.defaults_command})

    def _allow_drivers(self, name: str, opts: pulumi.ResourceOptions) -> None:
        metadata = kubernetes.meta.v1.ObjectMetaArgs(
            name=SERVICE_ACCOUNT, namespace=NAMESPACE, labels={"app.kubernetes.io/part-of": PART_OF}
        )
        account = kubernetes.core.v1.ServiceAccount(name, metadata=metadata, opts=opts)
        role = kubernetes.rbac.v1.Role(name, metadata=metadata, rules=driver_rules(), opts=opts)
        kubernetes.rbac.v1.RoleBinding(
            name,
            metadata=metadata,
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="Role", name=SERVICE_ACCOUNT
            ),
            subjects=[kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=SERVICE_ACCOUNT, namespace=NAMESPACE)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role, account]),
        )
