"""The admission webhook that gives pods with a pod identity the way to their credentials.

Source: aws/amazon-eks-pod-identity-webhook, README and pkg/handler; Amazon EKS user guide, "Understand how EKS Pod
Identity works", which shows a pod as Amazon EKS admits it.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

from local_cluster.aws.associations import association_of
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.directory import ClusterDirectory
from local_cluster.webhooks import mutating_webhook, rule

PATH = "/pod-identity"
AGENT_ADDRESS = "169.254.170.23"
AUDIENCE = "pods.eks.amazonaws.com"
CREDENTIALS_PATH = "/v1/credentials"
_TOKEN = "eks-pod-identity-token"
_MOUNT_PATH = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"
_EXPIRATION_SECONDS = 86400
_CREDENTIALS = {
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{AGENT_ADDRESS}{CREDENTIALS_PATH}",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{_MOUNT_PATH}/{_TOKEN}",
}

Object = dict[str, Any]


class PodIdentityAdmission:
    """Admits pods.

    Args:
        file: the stack's deployment.
    """

    def __init__(self, file: DeploymentFile) -> None:
        self._file = file

    def review(self, asked: Object) -> Object:
        """The AdmissionReview with its response."""
        request = asked["request"]
        response: Object = {"uid": request["uid"], "allowed": True}
        if patch := list(self._patch(request["object"], request.get("namespace", ""))):
            encoded = base64.b64encode(json.dumps(patch).encode()).decode()
            response |= {"patchType": "JSONPatch", "patch": encoded}
        return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}

    def _patch(self, pod: Object, namespace: str) -> Iterator[Object]:
        deployment, spec = self._file.latest(), pod["spec"]
        association = association_of(namespace, spec.get("serviceAccountName") or "default", deployment)
        volumes = spec.get("volumes") or []
        if association is None or any(each["name"] == _TOKEN for each in volumes):
            return
        where = "/spec/volumes/0" if volumes else "/spec/volumes"
        yield {"op": "add", "path": where, "value": _volume() if volumes else [_volume()]}
        for kind in ("initContainers", "containers"):
            for index, container in enumerate(spec.get(kind) or []):
                value = _with_identity(container, deployment.region)
                yield {"op": "replace", "path": f"/spec/{kind}/{index}", "value": value}


def _volume() -> Object:
    token = {"audience": AUDIENCE, "expirationSeconds": _EXPIRATION_SECONDS, "path": _TOKEN}
    return {"name": _TOKEN, "projected": {"sources": [{"serviceAccountToken": token}]}}


def _with_identity(container: Object, region: str) -> Object:
    environment = list(container.get("env") or [])
    named = {each["name"] for each in environment}
    if named & _CREDENTIALS.keys():
        # Whoever sets one of the two has credentials of their own.
        return container
    regional = {"AWS_STS_REGIONAL_ENDPOINTS": "regional"}
    # An SDK takes either of the two, so neither is set where the container has one.
    if not named & {"AWS_REGION", "AWS_DEFAULT_REGION"}:
        regional |= {"AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    added = {**{name: value for name, value in regional.items() if name not in named}, **_CREDENTIALS}
    mount = {"name": _TOKEN, "mountPath": _MOUNT_PATH, "readOnly": True}
    return {
        **container,
        "env": [*environment, *({"name": name, "value": value} for name, value in added.items())],
        "volumeMounts": [*(container.get("volumeMounts") or []), mount],
    }


def pod_identity_webhook(directory: ClusterDirectory, url: str) -> Object:
    """The MutatingWebhookConfiguration that sends every new pod to the webhook.

    Args:
        directory: of the cluster, whose authority the webhook's certificate is of.
        url: of the webhooks, such as https://127.0.0.1:9443.
    """
    skip = {"key": "eks.amazonaws.com/skip-pod-identity-webhook", "operator": "DoesNotExist"}
    return mutating_webhook(
        directory,
        "pod-identity-webhook",
        f"{url.rstrip('/')}{PATH}",
        [rule("", "pods", "CREATE")],
        name="iam-for-pods.amazonaws.com",
        # As on Amazon EKS: pods come without credentials rather than not at all.
        failurePolicy="Ignore",
        objectSelector={"matchExpressions": [skip]},
    )
