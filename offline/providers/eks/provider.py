"""The provider side of the emulated pulumi-eks: it only constructs `eks.Cluster`."""

from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2

from offline.providers.base import EmulatedProvider
from offline.providers.eks.cluster import construct_cluster
from offline.providers.resource import RefusalError

_CLUSTER = "eks:index:Cluster"


class EksProvider(EmulatedProvider):
    """Constructs clusters.

    Args:
        version: of the installed `pulumi-eks`.
        versions: of the aws and kubernetes providers, for the children.
    """

    accepts_references = True

    def __init__(self, version: str, versions: dict[str, str]) -> None:
        super().__init__(version)
        self._versions = versions

    def Construct(self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext) -> Any:
        try:
            if request.type != _CLUSTER:
                raise RefusalError(
                    f"{request.name}: the offline eks provider constructs {_CLUSTER} only, not {request.type}"
                )
            return construct_cluster(request, self._versions)
        except RefusalError as refusal:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(refusal))
            raise
