"""Where Spark applications run: their namespace, their service account, and what it may do.

Leaves out operators, queues and the History Server.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.spark.policies import driver_rules, event_log_policy
from components.workloads.labels import PART_OF
from components.workloads.namespace import namespace

NAMESPACE = "spark"
SERVICE_ACCOUNT = "spark"


class SparkJobs(pulumi.ComponentResource):
    """A namespace in which service account `spark` may run drivers that make executors and write event logs.

    Args:
        name: logical name.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it.
        event_log_bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.

    Outputs:
        namespace: the namespace's name.
        role_arn: ARN of the role that drivers and executors receive.
    """

    namespace: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        event_log_bucket: pulumi.Input[str],
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SparkJobs", name, None, opts)
        # "restricted" would refuse the pods that spark-submit makes: they set no seccomp profile and drop nothing.
        space = namespace(NAMESPACE, "baseline", opts=pulumi.ResourceOptions(parent=self))
        self._allow_drivers(name, pulumi.ResourceOptions(parent=self, depends_on=[space]))
        identity = PodIdentity(
            name,
            account,
            cluster_name=cluster_name,
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
            policy=pulumi.Output.all(event_log_bucket, key_arn).apply(lambda wires: event_log_policy(account, *wires)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.namespace = space.metadata.apply(lambda metadata: str(metadata.name))
        self.role_arn = identity.role_arn
        self.register_outputs({"namespace": self.namespace, "role_arn": self.role_arn})

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
