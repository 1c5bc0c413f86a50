"""The services that answer, and what each is called where.

Leaves out every service that no pod of the platform calls; a request to one of those is refused by name.
"""

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["xml", "query", "json", "cbor"]


@dataclass(frozen=True)
class Service:
    """One service.

    Args:
        signing_name: what requests are signed for.
        prefix: of its IAM actions.
        model: its name in botocore.
        backend: its name in moto.
        hosts: first labels of its host names.
        endpoint: last part of its VPC endpoint service's name.
    """

    signing_name: str
    prefix: str
    model: str
    backend: str
    hosts: tuple[str, ...]
    endpoint: str


SERVICES: dict[str, Service] = {
    each.signing_name: each
    for each in (
        Service("s3", "s3", "s3", "s3", ("s3",), "s3"),
        Service("kms", "kms", "kms", "kms", ("kms",), "kms"),
        Service("sqs", "sqs", "sqs", "sqs", ("sqs", "queue"), "sqs"),
        Service("sns", "sns", "sns", "sns", ("sns",), "sns"),
        Service("logs", "logs", "logs", "logs", ("logs",), "logs"),
        Service("monitoring", "cloudwatch", "cloudwatch", "cloudwatch", ("monitoring",), "monitoring"),
        Service("sts", "sts", "sts", "sts", ("sts",), "sts"),
        Service("aps", "aps", "amp", "amp", ("aps-workspaces", "aps"), "aps-workspaces"),
    )
}
