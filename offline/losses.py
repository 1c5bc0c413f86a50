"""What is lost with a resource of a type that is deleted or replaced, in environments that protect nothing too."""

from offline.providers.names import urn_type
from offline.summary import Change

_HELD = {
    "aws:amp/workspace:Workspace": "its samples go with it",
    "aws:cloudwatch/logGroup:LogGroup": "its log lines go with it",
    "aws:ecr/repository:Repository": "its images go with it",
    "aws:eks/cluster:Cluster": "everything that runs in it goes with it",
    "aws:kms/key:Key": "what it has encrypted can't be read any more",
    "aws:s3/bucket:Bucket": "its objects go with it",
}


def loss_of(change: Change) -> str:
    """What a change loses, as a clause; empty where it loses nothing that somebody would miss."""
    if change.operation not in ("delete", "replace"):
        return ""
    return change.loses or _HELD.get(urn_type(change.urn), "")
