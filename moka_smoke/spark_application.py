"""The word count as the Spark Operator takes it: a pure function of the application.

Nodes, scheduler, queue, event log and the rest are the environment's defaults, which a smoke test is there to try.

Source: kubeflow/spark-operator 2.5.0, api/v1beta2/sparkapplication_types.go.
"""

from typing import Any

from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from moka_smoke.word_count import JOB_KEY, SETTINGS, WordCount

API_VERSION = "sparkoperator.k8s.io/v1beta2"
KIND = "SparkApplication"
# renovate: datasource=pypi depName=pyspark
SPARK_VERSION = "4.1.2"
# For an object whose run could not delete it, such as one whose machine is gone.
TIME_TO_LIVE_SECONDS = 3600


def manifest(application: WordCount) -> dict[str, Any]:
    """The object."""
    cores: dict[str, Any] = {"cores": 1, "memory": "1g"}
    if application.core_request:
        cores["coreRequest"] = application.core_request
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": application.name, "namespace": application.namespace},
        "spec": {
            "type": "Python",
            "pythonVersion": "3",
            "mode": "cluster",
            "sparkVersion": SPARK_VERSION,
            "image": application.image,
            "mainApplicationFile": application.place(JOB_KEY),
            "arguments": application.arguments(),
            "sparkConf": {**SETTINGS, **application.settings},
            "restartPolicy": {"type": "Never"},
            "timeToLiveSeconds": TIME_TO_LIVE_SECONDS,
            "driver": {"serviceAccount": DEFAULT_SERVICE_ACCOUNT, **cores},
            "executor": {"serviceAccount": DEFAULT_SERVICE_ACCOUNT, **cores, "instances": application.executors},
        },
    }
