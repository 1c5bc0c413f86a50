"""Keys of Spark log objects: `spark/<namespace>/<application id>/<role>/<pod>/<time>-<container>-<uuid>.log.gz`.

Keys without a namespace are of another shape: no environment was deployed when keys had none. The time, such as
20261123T100000, is that of the first line in the object, in UTC; after a restart of an agent it is that of the restart,
for what lay on the node. Source: `s3_key_format` of output s3_spark in components/logs/files/fluent-bit.yaml.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Self, get_args

Role = Literal["driver", "executor"]
ROLES: tuple[Role, ...] = get_args(Role)

# What every key begins with.
STREAM = "spark/"
APPLICATION_ID = re.compile(r"spark-[0-9A-Za-z-]+")
# Kubernetes, "Object Names and IDs": a DNS label of RFC 1123.
NAMESPACE = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
# Kubernetes, "Object Names and IDs": a DNS subdomain name of RFC 1123.
POD_NAME = re.compile(r"[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?")
_KEY = re.compile(
    r"spark/(?P<namespace>[^/]+)/(?P<application>[^/]+)/(?P<role>[^/]+)/(?P<pod>[^/]+)/"
    r"(?P<time>\d{8}T\d{6})-((?P<container>[^/]+)-)?[^/-]+\.log\.gz"
)
# Spark gives its container this name and the role's, unless a pod template names it.
_SPARKS_OWN = "spark-kubernetes-"


@dataclass(frozen=True, order=True)
class Pod:
    """Who wrote a line: a container of a pod, because the lines of two have no order but their times.

    Args:
        role: driver or executor.
        name: name of the pod; attempts of one application have pods of different names.
        container: name of the container; empty for the one that Spark names itself.
    """

    role: str
    name: str
    container: str = ""

    def __str__(self) -> str:
        return f"{self.role}/{self.name}/{self.container}".removesuffix("/")


@dataclass(frozen=True)
class LogObject:
    """One object of one container of a pod.

    Args:
        key: the whole key.
        pod: who wrote what is in it.
        time: the key's time, unless `read_order.py` found an earlier one.
        size_bytes: how large it is, compressed.
        uploaded: second of its upload.
    """

    key: str
    pod: Pod
    time: datetime
    size_bytes: int
    uploaded: datetime

    @classmethod
    def parse(cls, key: str, size_bytes: int, uploaded: datetime) -> Self | None:
        """The object of a key; None where the key is of another shape, as a person's own upload would have."""
        match = _KEY.fullmatch(key)
        if match is None:
            return None
        try:
            time = datetime.strptime(match["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
        container = "" if match["container"] == f"{_SPARKS_OWN}{match['role']}" else match["container"] or ""
        return cls(key, Pod(match["role"], match["pod"], container), time, size_bytes, uploaded)


def application_prefix(namespace: str, application_id: str) -> str:
    """What the keys of an application's objects begin with."""
    return f"{STREAM}{namespace}/{application_id}/"


def prefixes(namespace: str, application_id: str, role: Role | None = None, pod: str | None = None) -> list[str]:
    """Prefixes under which an application's objects lie; two where a pod is named and its role is not."""
    start = application_prefix(namespace, application_id)
    if pod is None:
        return [start if role is None else f"{start}{role}/"]
    return [f"{start}{each}/{pod}/" for each in (ROLES if role is None else (role,))]
