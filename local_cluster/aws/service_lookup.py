"""Which service a request is for: its host and its signature have to agree."""

from local_cluster.aws.access import UnknownCallError
from local_cluster.aws.services import SERVICES, Service
from local_cluster.aws.signature import Signature, SignatureError


def service_of_host(host: str) -> Service | None:
    """The service that answers under a host name; None where the name tells nothing."""
    labels = set(host.split("."))
    return next((each for each in SERVICES.values() if labels & set(each.hosts)), None)


def require_service(signature: Signature, of_host: Service | None) -> Service:
    """The service that a request was signed for.

    Raises:
        UnknownCallError: when local clusters do not have it.
        SignatureError: when it is another than the host's.
    """
    service = SERVICES.get(signature.service)
    if service is None:
        raise UnknownCallError(f"local clusters have no {signature.service}; they have {', '.join(SERVICES)}")
    if of_host is not None and of_host is not service:
        raise SignatureError(
            "incomplete",
            f"Credential should be scoped to correct service: '{of_host.signing_name}', not '{signature.service}'",
        )
    return service
