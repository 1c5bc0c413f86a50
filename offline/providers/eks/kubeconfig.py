"""The kubeconfig that pulumi-eks makes: it runs `aws eks get-token` and never holds a token.

Source: pulumi/pulumi-eks, nodejs/eks/cluster/cluster.ts, `generateKubeconfig`.
"""

import json
from typing import Any

from offline.providers.eks.registration import Child, Registration
from offline.providers.values import UNKNOWN, Properties, has_unknown, plain

_EXEC_API = "client.authentication.k8s.io/v1beta1"


def cluster_kubeconfig(registration: Registration, cluster: Child, *, with_profile: bool) -> Any:
    """The kubeconfig as an object, unknown while the cluster's endpoint is.

    Args:
        registration: whose argument `providerCredentialOpts` names a role and a profile, both optional.
        cluster: the registered cluster.
        with_profile: whether the profile is part of it; pulumi-eks exports the form without.
    """
    outputs = plain({key: cluster[key] for key in ("name", "endpoint", "certificateAuthority", "arn")})
    return _kubeconfig(outputs, registration.arguments.get("providerCredentialOpts") or {}, with_profile)


def _kubeconfig(cluster: Properties, credentials: Properties, with_profile: bool) -> Any:
    needed = [cluster["name"], cluster["endpoint"], cluster["certificateAuthority"], cluster["arn"], credentials]
    if has_unknown(needed):
        return UNKNOWN
    region = str(cluster["arn"]).split(":")[3]
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", cluster["name"], "--output", "json"]
    if credentials.get("roleArn"):
        arguments += ["--role", credentials["roleArn"]]
    if with_profile and credentials.get("profileName"):
        arguments += ["--profile", credentials["profileName"]]
    execution = {
        "apiVersion": _EXEC_API,
        "command": "aws",
        "args": arguments,
        "env": [{"name": "KUBERNETES_EXEC_INFO", "value": f'{{"apiVersion": "{_EXEC_API}"}}'}],
    }
    server = {
        "server": cluster["endpoint"],
        "certificate-authority-data": cluster["certificateAuthority"]["data"],
    }
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": server, "name": "kubernetes"}],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": execution}}],
    }


def as_json(value: Any) -> str:
    """Compact JSON as JavaScript writes it; unknown stays unknown."""
    return UNKNOWN if has_unknown(value) else json.dumps(value, separators=(",", ":"))
