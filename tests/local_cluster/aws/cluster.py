"""A cluster's directory with an authority of its own, and deployments written by hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_cluster.aws.access_entries import Association
from local_cluster.certificates import make_authority
from local_cluster.directory import ClusterDirectory

ACCOUNT, REGION = "111111111111", "eu-west-1"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/moka-dev"


def make_directory(root: Path, stack: str = "dev") -> ClusterDirectory:
    """A directory as the control plane leaves it, with an authority of its own."""
    directory = ClusterDirectory(root, stack)
    directory.make()
    make_authority(directory)
    return directory


def resource(kind: str, identifier: str, inputs: Mapping[str, Any], **outputs: Any) -> dict[str, Any]:
    """One resource as the engine's state holds it."""
    urn = f"urn:pulumi:dev::moka::{kind}::{identifier}"
    return {"urn": urn, "type": kind, "custom": True, "id": identifier, "inputs": dict(inputs), "outputs": outputs}


def cluster() -> dict[str, Any]:
    """The cluster of the hand-written deployments."""
    return resource("aws:eks/cluster:Cluster", "moka-dev", {"name": "moka-dev"}, arn=CLUSTER)


def pod_identity(namespace: str, service_account: str, role: str) -> dict[str, Any]:
    """A pod identity association."""
    inputs = {"namespace": namespace, "serviceAccount": service_account, "roleArn": role, "clusterName": "moka-dev"}
    return resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", f"a-{service_account}", inputs)


def access_entry(role: str, *associations: Association, **inputs: Any) -> list[dict[str, Any]]:
    """An access entry with its policies."""
    found = [resource("aws:eks/accessEntry:AccessEntry", role, {"principalArn": role, **inputs})]
    for each in associations:
        scope = {"type": "namespace", "namespaces": list(each.namespaces)} if each.namespaces else {"type": "cluster"}
        policy = f"arn:aws:eks::aws:cluster-access-policy/{each.policy}"
        found.append(
            resource(
                "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
                f"{role}#{each.policy}",
                {"principalArn": role, "policyArn": policy, "accessScope": scope},
            )
        )
    return found


def write_deployment(file: Path, *resources: Mapping[str, Any]) -> None:
    """Write the state file of a stack that has these resources."""
    scratch = file.with_suffix(".new")
    scratch.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": list(resources)}}}))
    scratch.replace(file)
