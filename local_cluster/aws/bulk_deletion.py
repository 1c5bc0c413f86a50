"""The deletion of many objects by one request, of which Amazon S3 judges each by itself.

Source: Amazon S3 API reference, DeleteObjects: what may not be deleted stands in the answer as an error.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from local_cluster.aws.access import Access
from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.judgement import Refusal
from local_cluster.aws.s3_actions import deleted_keys, target_of

_END = "</DeleteResult>"


class BulkDeletion:
    """One such request.

    Args:
        request: the request.
        accesses: everything that it asks.
    """

    def __init__(self, request: ApiRequest, accesses: Sequence[Access]) -> None:
        self.bucket = target_of(request).bucket
        self._objects = deleted_keys(request.body)
        self._prefix = accesses[0].resource.partition("/")[0] if accesses else ""

    def allowed_body(self, refused: Sequence[Refusal]) -> tuple[bytes, list[str]]:
        """The request without what is refused, and the keys that stay in it."""
        resources = {each.access.resource for each in refused}
        stay = [(key, version) for key, version in self._objects if f"{self._prefix}/{key}" not in resources]
        objects = "".join(
            f"<Object><Key>{escape(key)}</Key>{f'<VersionId>{version}</VersionId>' if version else ''}</Object>"
            for key, version in stay
        )
        return f"<Delete>{objects}</Delete>".encode(), [key for key, _ in stay]

    def with_errors(self, answer: Response, refused: Sequence[Refusal]) -> Response:
        """The answer with an error for each object that was refused."""
        if not refused:
            return answer
        errors = "".join(
            f"<Error><Key>{escape(each.access.resource.partition('/')[2])}</Key><Code>AccessDenied</Code>"
            f"<Message>{escape(each.message)}</Message></Error>"
            for each in refused
        )
        text = answer.get_data(as_text=True)
        start = text if _END in text else f'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult>{_END}'
        return Response(start.replace(_END, f"{errors}{_END}"), content_type="application/xml")
