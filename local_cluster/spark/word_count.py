"""The word count: what its owner adds to a stack's account and cluster, as docs/spark.md tells owners of applications.

It has a service account and a role of its own, which reads and writes its own bucket and writes event logs, and nothing
else. The stack's `spark` service account may not touch data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.account import Account
from components.identity.pod_role import pod_role_arn, pod_role_name
from components.identity.policies import document, pod_identity_trust, statement
from components.spark.policies import event_log_policy
from components.spark.spark_jobs import DEFAULTS_CONFIG_MAP, NAMESPACE, SERVICE_ACCOUNT
from components.workloads.scheduling import WORKLOAD_KEY

NAME = "word-count"
SUBMITTER = f"{NAME}-submit"
JOB = Path(__file__).parent / "files" / "word_count.py"
INPUT_KEY, JOB_KEY, OUTPUT_PREFIX = "words.txt", "word_count.py", "counts"
EXECUTORS = 2
# Prometheus looks every 30 seconds.
LINGER_SECONDS = 45

# Each word occurs as often as its place says, a thousand times over.
WORDS = ("moka", "spark", "graviton", "intel", "shuffle", "executor", "driver", "queue")
_TIMES = 1000

Object = dict[str, Any]


@dataclass(frozen=True)
class WordCount:
    """The application in one environment.

    Args:
        account: the environment's account.
        image: Spark's, for driver and executors.
    """

    account: Account
    image: str

    @property
    def bucket(self) -> str:
        """Its data."""
        return f"moka-{self.account.environment}-{NAME}-{self.account.id}-{self.account.region}"

    @property
    def role_arn(self) -> str:
        """What its pods are to AWS."""
        return pod_role_arn(NAME, self.account)

    def aws_resources(self, event_log_bucket: str, event_log_key_arn: str) -> list[Object]:
        """Bucket, role and association, in the form of the engine's state."""
        arn, role = self.account.bucket_arn(self.bucket), pod_role_name(NAME, self.account)
        data = document(
            # The committer ends uploads that an earlier attempt left open.
            statement("ListData", ["s3:ListBucket", "s3:ListBucketMultipartUploads"], [arn]),
            statement(
                "ReadAndWriteData",
                ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
                [f"{arn}/*"],
            ),
        )
        events = event_log_policy(self.account, event_log_bucket, event_log_key_arn)
        policy = document(*data["Statement"], *events["Statement"])
        association = {
            "clusterName": self.account.cluster_name,
            "namespace": NAMESPACE,
            "serviceAccount": NAME,
            "roleArn": self.role_arn,
        }
        trust = {"name": role, "assumeRolePolicy": json.dumps(pod_identity_trust(self.account))}
        return [
            _resource("aws:s3/bucket:Bucket", self.bucket, {"bucket": self.bucket}, {"arn": arn}),
            _resource("aws:iam/role:Role", role, trust, {"arn": self.role_arn}),
            _resource("aws:iam/rolePolicy:RolePolicy", f"{role}:data", {"role": role, "policy": json.dumps(policy)}),
            _resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", f"a-{NAME}", association),
        ]

    def objects(self) -> list[Object]:
        """Service account, its rights as a driver, and the pod that submits."""
        metadata = {"name": NAME, "namespace": NAMESPACE}
        binding = {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": SERVICE_ACCOUNT},
            "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
        }
        return [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}, binding, self.pod(SUBMITTER)]

    def pod(
        self,
        name: str,
        master: str = "k8s://https://kubernetes.default.svc",
        deploy_mode: str = "cluster",
        linger_seconds: int = LINGER_SECONDS,
    ) -> Object:
        """A pod that submits it: docs/spark.md, "Submitting with spark-submit".

        Args:
            name: of the pod.
            master: where driver and executors run.
            deploy_mode: cluster, or client for a driver in this pod.
            linger_seconds: how long the driver stays when it has counted.
        """
        data = f"s3a://{self.bucket}"
        words = [f"{data}/{JOB_KEY}", f"{data}/{INPUT_KEY}", f"{data}/{OUTPUT_PREFIX}", str(linger_seconds)]
        submit = ["/opt/spark/bin/spark-submit", "--master", master, "--deploy-mode", deploy_mode, "--name", NAME]
        container = {
            "name": "spark-submit",
            "image": self.image,
            "command": [*submit, *self._options, *words],
            "volumeMounts": [{"name": "spark-defaults", "mountPath": "/opt/spark/conf"}],
        }
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {
                "serviceAccountName": NAME,
                "restartPolicy": "Never",
                "containers": [container],
                "tolerations": [{"key": WORKLOAD_KEY, "operator": "Exists", "effect": "NoSchedule"}],
                "volumes": [{"name": "spark-defaults", "configMap": {"name": DEFAULTS_CONFIG_MAP}}],
            },
        }

    @property
    def _options(self) -> list[str]:
        settings = {
            "spark.kubernetes.container.image": self.image,
            "spark.kubernetes.authenticate.driver.serviceAccountName": NAME,
            "spark.kubernetes.authenticate.executor.serviceAccountName": NAME,
            "spark.executor.instances": str(EXECUTORS),
            # All of it has to find room on one machine.
            "spark.kubernetes.driver.request.cores": "300m",
            "spark.kubernetes.executor.request.cores": "300m",
            "spark.sql.shuffle.partitions": "4",
        }
        return [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]


def text() -> str:
    """What is counted."""
    lines = (" ".join([word] * (place + 1)) for place, word in enumerate(WORDS))
    return "\n".join([*lines] * _TIMES)


def expected_counts() -> Mapping[str, int]:
    """What has to come out."""
    return {word: (place + 1) * _TIMES for place, word in enumerate(WORDS)}


def _resource(kind: str, identifier: str, inputs: Object, outputs: Object | None = None) -> Object:
    urn = f"urn:pulumi:{NAME}::{NAME}::{kind}::{identifier}"
    return {"urn": urn, "custom": True, "type": kind, "id": identifier, "inputs": inputs, "outputs": outputs or {}}
