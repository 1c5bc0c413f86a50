"""A way into a cluster, as a context of a kubeconfig logs in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kubernetes.client import ApiClient, CoreV1Api
from kubernetes.client.exceptions import ApiException
from kubernetes.config import new_client_from_config

from components.buckets.log_bucket import bucket_name
from components.spark.defaults import DEFAULTS
from components.teams.team import DEFAULTS_CONFIG_MAP
from moka_smoke.kubernetes_objects import KubernetesObjects
from moka_smoke.milestones import said_by_kubernetes
from moka_smoke.objects import Objects
from moka_smoke.word_count import WordCount

FIELD_MANAGER = "moka-smoke"
_LAST_LINES = 50


class AnotherClusterError(Exception):
    """A cluster that is not the stack's, or has no such team."""


@dataclass(frozen=True)
class Access:
    """What a client and its rights are.

    Args:
        client: logs in.
        objects: of the cluster, by that client.
    """

    client: ApiClient
    objects: Objects

    def last_lines(self, namespace: str, pod: str) -> Iterable[str]:
        """The end of a pod's log, or why there is none."""
        try:
            text = CoreV1Api(self.client).read_namespaced_pod_log(pod, namespace, tail_lines=_LAST_LINES)
        except ApiException as error:
            return [f"its log can't be read: {said_by_kubernetes(error)}"]
        return text.splitlines()


def access(kubeconfig: str | None, context: str | None, scratch: Path) -> Access:
    """Log in.

    Args:
        kubeconfig: the file; what KUBECONFIG or the home directory says unless given.
        context: its context; the current one unless given.
        scratch: a directory of this run.

    Raises:
        kubernetes.config.ConfigException: when there is no such file or context.
        kubernetes.client.exceptions.ApiException: when the API server refuses.
        urllib3.exceptions.HTTPError: when it can't be reached.
    """
    client = new_client_from_config(config_file=kubeconfig, context=context)
    known = scratch / f"api-resources-{context or 'current'}.json".replace("/", "-")
    return Access(client, KubernetesObjects(client, known, FIELD_MANAGER))


def require_stack(objects: Objects, application: WordCount) -> None:
    """Make sure that a cluster is the one that the application is meant for.

    Args:
        objects: of the cluster.
        application: which is to run there.

    Raises:
        AnotherClusterError: when Spark's defaults there are of another environment, or missing.
    """
    account = application.account
    bucket = bucket_name("spark-events", account)
    login = f"aws eks update-kubeconfig --name {account.cluster_name} --region {account.region}"
    found = objects.named("ConfigMap", DEFAULTS_CONFIG_MAP, application.namespace)
    if not found:
        raise AnotherClusterError(
            f"namespace {application.namespace} of this cluster has no ConfigMap {DEFAULTS_CONFIG_MAP}: the context is "
            f"of another cluster ({login}), or the team was not deployed yet (pulumi up)"
        )
    if f"s3a://{bucket}/" not in (found.get("data") or {}).get(DEFAULTS, ""):
        raise AnotherClusterError(
            f"applications of this cluster do not write event logs to {bucket}: the context is of another "
            f"environment's cluster; {login}"
        )
