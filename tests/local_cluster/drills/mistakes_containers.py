"""What only containers that run can show: a kubelet says what it can't start or probe, and programs what they lack.

Every pod is of images that the real node of the platform has anyway.
"""

import json
from collections.abc import Callable
from typing import Any

from components.account import Account
from components.identity.policies import document, pod_identity_trust, statement
from components.images.image import Image
from components.images.table import COLLECTOR, PROMETHEUS, PYTHON
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.private_file import write_private
from local_cluster.spark.traces import requests_of
from tests.local_cluster.aws.cluster import pod_identity, resource
from tests.local_cluster.comparison.real_kubernetes import Object
from tests.local_cluster.drills.mistake import Mistake, Says, World
from tests.local_cluster.drills.planted_objects import container, made, pod
from tests.stack_files import settings

_KUBELET, _PROGRAM, _S3, _AGENT = "kubelet", "the program", "Amazon S3", "pod identity agent"
_USER = 1000
_SERVE = "import http.server; http.server.HTTPServer(('', 8000), http.server.BaseHTTPRequestHandler).serve_forever()"
_ASK = """\
import urllib.error, urllib.request
token = open("/token/token").read()
asked = urllib.request.Request("http://169.254.170.23/v1/credentials", headers={"Authorization": token})
try:
    print(urllib.request.urlopen(asked, timeout=5).read())
except urllib.error.HTTPError as refused:
    print(refused.code, refused.read().decode())
"""
_PUT = """\
import boto3
from botocore.config import Config
s3 = boto3.client("s3", config=Config(request_checksum_calculation="when_required"))
s3.put_object(Bucket="BUCKET", Key="a", Body=b"text")
"""
_TOKEN = {"audience": "pods.eks.amazonaws.com", "path": "token"}


def _there(image: Image) -> str:
    """An image as dev's nodes have it."""
    return image.below(settings("dev").account.images).reference


def _running(image: str, spec: dict[str, Any] | None = None, **more: Any) -> Object:
    """A pod that is tried once, as a user who is not root, with a root file system that nobody writes to."""
    own = container(image=image, **more)
    own["securityContext"] = own["securityContext"] | {"readOnlyRootFilesystem": True}
    user = {"runAsNonRoot": True, "runAsUser": _USER, "seccompProfile": {"type": "RuntimeDefault"}}
    return pod({"securityContext": user, "restartPolicy": "Never", "containers": [own], **(spec or {})})


def _python(program: str, spec: dict[str, Any] | None = None, **more: Any) -> Object:
    """A pod of a Python program."""
    return _running(_there(PYTHON), spec, command=["/usr/bin/python3", "-c", program], **more)


def _made(content: Object, *before: Object) -> Callable[[World], Says]:
    """A pod, beside objects that are right; what its status, its events and its program say."""

    def plant(world: World) -> Says:
        world.make(*before, content)
        return lambda: _said(world)

    return plant


def _said(world: World) -> str:
    statuses = world.pod()["status"].get("containerStatuses") or []
    states = [
        f"container {status['name']}: {kind}: {state.get('reason', '')} {state.get('message', '')}".strip()
        for status in statuses
        for kind, state in status["state"].items()
    ]
    ended = any("terminated" in status["state"] for status in statuses)
    written = world.stack.kubectl("logs", "--namespace", world.namespace, "planted").stdout if ended else ""
    return "\n".join([*states, world.events(), written])


def _configured(image: str, content: str, **more: Any) -> Callable[[World], Says]:
    """A program with a configuration, a file of a volume."""
    name = "settings.yaml"
    files = {"configMap": {"name": "planted", **more}}
    mount = {"name": "settings", "mountPath": "/etc/planted"}
    option = "--config.file" if image == _there(PROMETHEUS) else "--config"
    planted = _running(
        image,
        {"volumes": [{"name": "settings", **files}]},
        args=[f"{option}=/etc/planted/{name}"],
        volumeMounts=[mount],
    )
    return _made(planted, made("ConfigMap", data={name: content}))


def _without_registry(world: World) -> Says:
    """Bound to a real node by its author: nothing sends such a pod to where images do not matter."""
    real = next(each["metadata"]["name"] for each in world.stack.listed("Node") if is_real(each))
    return _made(pod({"nodeName": real, "restartPolicy": "Never"}))(world)


def _with_a_role(actions: list[str], *, locked: bool = False) -> Callable[[World], Says]:
    """A pod that writes to a bucket of its owner's, with a role that may do some things there."""

    def plant(world: World) -> Says:
        stack, deployment = world.stack, world.aws.deployment
        account = Account(stack.name, deployment.account_id, deployment.region)
        bucket = f"moka-{world.namespace}"
        role = f"arn:aws:iam::{account.id}:role/{bucket}"
        policy = document(statement("Data", actions, [f"arn:aws:s3:::{bucket}/*"]))
        retention = {"bucket": bucket, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}}
        owned = [
            resource("aws:s3/bucket:Bucket", bucket, {"bucket": bucket}, arn=f"arn:aws:s3:::{bucket}"),
            resource("aws:s3/bucketVersioning:BucketVersioning", bucket, _versioned(bucket)),
            resource("aws:iam/role:Role", bucket, _trusted(bucket, account), arn=role),
            resource("aws:iam/rolePolicy:RolePolicy", bucket, {"role": bucket, "policy": json.dumps(policy)}),
            pod_identity(world.namespace, "default", role),
        ]
        if locked:
            kind = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
            owned.append(resource(kind, bucket, retention))
        content = {"version": 3, "checkpoint": {"latest": {"resources": owned}}}
        directory = stack.cluster.directory
        write_private(directory.applications, json.dumps(content))
        said = _made(_python(_PUT.replace("BUCKET", bucket)))(world)

        def says() -> str:
            asked = requests_of(directory, f"{world.namespace}/default")
            return "\n".join([said(), *map(json.dumps, asked)])

        return says

    return plant


def _versioned(bucket: str) -> dict[str, Any]:
    return {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}}


def _trusted(role: str, account: Account) -> dict[str, Any]:
    return {"name": role, "assumeRolePolicy": json.dumps(pod_identity_trust(account))}


_UNSET = """\
receivers: {prometheus: {config: {scrape_configs: [{job_name: a}]}}}
exporters: {prometheusremotewrite: {endpoint: "${env:MOKA_PLANTED}"}}
service: {pipelines: {metrics: {receivers: [prometheus], exporters: [prometheusremotewrite]}}}
"""
_MISSPELLED = "scrape_configs: [{job_name: a, scrape_intervall: 30s}]"
_AS_ROOT = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_PROBE = {"httpGet": {"port": 8080, "path": "/"}, "periodSeconds": 1}
_KEY = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "planted", "key": "token"}}}
_HUGE = {"limits": {"memory": "32Mi"}, "requests": {"memory": "32Mi"}}
_ABSENT = [{"name": "settings", "configMap": {"name": "absent"}}]
_PROJECTED = [{"name": "token", "projected": {"sources": [{"serviceAccountToken": _TOKEN}]}}]

CONTAINER_MISTAKES = [
    Mistake(
        "a file's mode keeps it from the program's user",
        _PROGRAM,
        _configured(_there(PROMETHEUS), "{}", defaultMode=0o400),
        ("/etc/planted/settings.yaml", "permission denied"),
    ),
    Mistake(
        "a configuration's field is misspelled",
        _PROGRAM,
        _configured(_there(PROMETHEUS), _MISSPELLED),
        ("field scrape_intervall not found",),
    ),
    Mistake(
        "a variable that a configuration names is not set",
        _PROGRAM,
        _configured(_there(COLLECTOR), _UNSET),
        ("unset environment variable", "MOKA_PLANTED"),
    ),
    Mistake(
        "a probe asks a port at which nobody listens",
        _KUBELET,
        _made(_python(_SERVE, readinessProbe=_PROBE)),
        ("Readiness probe failed", ":8080", "connection refused"),
    ),
    Mistake(
        "no registry has a pod's image",
        _KUBELET,
        _without_registry,
        ("Failed to pull image", "registry.example/a:1", "ErrImagePull"),
    ),
    Mistake(
        "a program writes to a root file system that is read-only",
        _PROGRAM,
        _made(_python("open('/planted', 'w')")),
        ("Read-only file system: '/planted'",),
    ),
    Mistake(
        "an image's user is root where none may be",
        _KUBELET,
        _made(_python("", {"securityContext": _AS_ROOT})),
        ("runAsNonRoot and image will run as root", "container: a"),
    ),
    Mistake(
        "a command is not in the image",
        _KUBELET,
        _made(_running(_there(PYTHON), command=["/usr/bin/java"])),
        ('exec: "/usr/bin/java"', "no such file or directory"),
    ),
    Mistake(
        "a program takes more memory than its limit",
        _KUBELET,
        _made(_python("held = [bytearray(1 << 20) for _ in range(256)]", resources=_HUGE)),
        ("container a", "OOMKilled"),
    ),
    Mistake(
        "a variable is to come from a key that its secret lacks",
        _KUBELET,
        _made(_python("", env=[_KEY]), made("Secret", stringData={"other": "a"})),
        ("couldn't find key token in Secret", "planted"),
    ),
    Mistake(
        "a volume is of files that do not exist",
        _KUBELET,
        _made(_python("", {"volumes": _ABSENT}, volumeMounts=[{"name": "settings", "mountPath": "/etc/planted"}])),
        ('MountVolume.SetUp failed for volume "settings"', 'configmap "absent" not found'),
    ),
    Mistake(
        "a pod's role may read what the program writes",
        _S3,
        _with_a_role(["s3:GetObject"]),
        ("AccessDenied", "assumed-role/moka-planted-", "no identity-based policy allows the s3:PutObject action"),
    ),
    Mistake(
        "a program writes without a checksum to its locked bucket",
        _S3,
        _with_a_role(["s3:PutObject"], locked=True),
        ("InvalidRequest", "Content-MD5 OR x-amz-checksum-", "Object Lock"),
    ),
    Mistake(
        "a program asks for a role that nobody gave its service account",
        _AGENT,
        _made(
            _python(_ASK, {"volumes": _PROJECTED}, volumeMounts=[{"name": "token", "mountPath": "/token"}]),
        ),
        ("404", "No pod identity association for service account default in namespace planted-"),
    ),
]
