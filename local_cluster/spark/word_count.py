"""The word count: what a team's person submits in its namespace, with its data, as docs/spark.md tells.

Namespace, service account, role and rights are those that the stack gives the team. The bucket of the team's data is
the team's own, so it is added to the account here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.account import Account
from components.teams.names import namespace_of
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from components.teams.team import DEFAULTS_CONFIG_MAP
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
    """The application of one team.

    Args:
        account: the environment's account.
        image: Spark's, for driver and executors.
        team: whose it is.
        bucket: where the team writes.
        prefix: what keys begin with there; empty, or ending in a slash.
    """

    account: Account
    image: str
    team: str
    bucket: str
    prefix: str = ""

    @property
    def namespace(self) -> str:
        """Where its pods run."""
        return namespace_of(self.team)

    def key(self, name: str) -> str:
        """Key of an object of its data."""
        return f"{self.prefix}{name}"

    @property
    def aws_resources(self) -> list[Object]:
        """The team's bucket, in the form of the engine's state."""
        kind = "aws:s3/bucket:Bucket"
        return [
            {
                "urn": f"urn:pulumi:{NAME}::{NAME}::{kind}::{self.bucket}",
                "custom": True,
                "type": kind,
                "id": self.bucket,
                "inputs": {"bucket": self.bucket},
                "outputs": {"arn": self.account.bucket_arn(self.bucket)},
            }
        ]

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
        places = [f"s3a://{self.bucket}/{self.key(each)}" for each in (JOB_KEY, INPUT_KEY, OUTPUT_PREFIX)]
        submit = ["/opt/spark/bin/spark-submit", "--master", master, "--deploy-mode", deploy_mode, "--name", NAME]
        container = {
            "name": "spark-submit",
            "image": self.image,
            "command": [*submit, *self._options, *places, str(linger_seconds)],
            "volumeMounts": [{"name": "spark-defaults", "mountPath": "/opt/spark/conf"}],
        }
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {
                "serviceAccountName": DEFAULT_SERVICE_ACCOUNT,
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
