"""The few fields the API server fills in that other resources of a program read.

Leaves out the rest of the API server's defaulting.
"""

import hashlib

from offline.providers.names import digest
from offline.providers.values import UNKNOWN, Properties, plain

_CREATED = "2026-01-01T00:00:00Z"


def _service(inputs: Properties, urn: str, preview: bool) -> Properties:
    spec = plain(inputs.get("spec")) or {}
    octets = hashlib.sha256(urn.encode()).digest()
    address = UNKNOWN if preview else f"172.20.{octets[0]}.{octets[1]}"
    kind = spec.get("type", "ClusterIP")
    filled: Properties = {"type": kind, "sessionAffinity": "None"}
    if kind != "ExternalName":
        filled |= {"clusterIP": spec.get("clusterIP", address), "clusterIPs": [spec.get("clusterIP", address)]}
    status: Properties = {"loadBalancer": {}}
    if kind == "LoadBalancer":
        host = UNKNOWN if preview else f"k8s-{digest(urn)[:10]}-{digest(urn)[:16]}.elb.amazonaws.com"
        status = {"loadBalancer": {"ingress": [{"hostname": host}]}}
    return {"spec": filled, "status": status}


_NAMESPACE: Properties = {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}


def filled_in(inputs: Properties, urn: str, identity: str, preview: bool) -> Properties:
    """What the server adds to an object at its creation; `identity` tells one object of the same URN from the next.

    Metadata is known in a preview too, as the server's dry run answers with all of it: a program that reads an
    object's name from its metadata would else preview nothing that stands in a namespace of its own.
    """
    digits = digest(urn, identity)
    uid = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
    metadata: Properties = {
        "uid": uid,
        "creationTimestamp": _CREATED,
        "resourceVersion": "1",
        "generation": 1,
    }
    if inputs.get("kind") == "Service":
        return {"metadata": metadata, **_service(inputs, urn, preview)}
    return {"metadata": metadata, **(_NAMESPACE if inputs.get("kind") == "Namespace" else {})}
