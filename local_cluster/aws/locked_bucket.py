"""What Amazon S3 asks of those who write into a bucket that locks by default; moto asks it in part.

Leaves out the lock itself, which moto keeps, and checking that a checksum is right.

Source: Amazon S3 API reference, PutObject and UploadPart, Content-MD5; Amazon S3 user guide, "Object Lock
considerations". The sentences are those of real buckets: apache/hadoop pull request 7396 for objects, s3tools/s3cmd
issue 1436 and apache/opendal pull request 4533 for parts, apache/opendal pull request 4580 for the end of an upload.
"""

import io
import re
from collections.abc import Container, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.wrappers import Request, Response

_CHECKSUM = re.compile(r"x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)")
# The AWS SDKs name the operation so; it changes nothing.
_IGNORED = frozenset({"x-id"})
_PART = frozenset({"partNumber", "uploadId"})


def missing_checksum(method: str, parameters: Iterable[str], headers: Mapping[str, str]) -> str | None:
    """What Amazon S3 answers to a write without a checksum, or nothing.

    Copies need none, and neither does the beginning of an upload in parts.

    Args:
        method: of the request.
        parameters: names in its query.
        headers: its headers.
    """
    asked = set(parameters) - _IGNORED
    names = {name.lower() for name in headers}
    if method != "PUT" or asked not in (set(), _PART) or "x-amz-copy-source" in names:
        return None
    if "content-md5" in names or checksum_algorithm(headers):
        return None
    what = "Put Part" if asked else "Put Object"
    return f"Content-MD5 OR x-amz-checksum- HTTP header is required for {what} requests with Object Lock parameters"


def checksum_algorithm(headers: Mapping[str, str]) -> str:
    """The algorithm of a checksum in a request's headers or behind its body; empty when there is none."""
    names = {name.lower(): value for name, value in headers.items()}
    trailers = [each.strip().lower() for each in names.get("x-amz-trailer", "").split(",")]
    found = (_CHECKSUM.fullmatch(each) for each in (*names, *trailers))
    return next((match.group(1) for match in found if match), "")


class LockedBuckets:
    """moto's S3 with buckets that refuse what Amazon S3 refuses of a locked one.

    Args:
        application: moto's.
        buckets: names of the locked ones, asked at each request.

    `refused` counts refusals, `parts` the parts of uploads that were taken.
    """

    def __init__(self, application: WSGIApplication, buckets: Container[str]) -> None:
        self._application = application
        self._buckets = buckets
        # An upload's checksum algorithm, which each of its parts must have.
        self._uploads: dict[str, str] = {}
        self.refused = self.parts = 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Refuse a request, or hand it on."""
        request = Request(environ)
        bucket, _, key = request.path.lstrip("/").partition("/")
        if bucket not in self._buckets or not key:
            return self._application(environ, start_response)
        problem = missing_checksum(request.method, request.args, dict(request.headers)) or self._mismatch(request)
        if request.method == "POST" and "uploadId" in request.args:
            problem = self._problem_of_end(request, environ)
        if problem is not None:
            self.refused += 1
            text = f"<Error><Code>InvalidRequest</Code><Message>{problem}</Message><RequestId>moka</RequestId></Error>"
            return Response(text, status=400, content_type="application/xml")(environ, start_response)
        if request.method == "POST" and "uploads" in request.args:
            return self._begun(request, environ)(environ, start_response)
        self.parts += request.method == "PUT" and "partNumber" in request.args
        return self._application(environ, start_response)

    def _begun(self, request: Request, environ: dict[str, Any]) -> Response:
        response = Response.from_app(self._application, environ)
        upload = re.search(r"<UploadId>(.+?)</UploadId>", response.get_data(as_text=True))
        if upload:
            self._uploads[upload.group(1)] = request.headers.get("x-amz-checksum-algorithm", "").lower()
        return response

    def _mismatch(self, request: Request) -> str | None:
        upload = request.args.get("uploadId", "")
        expected, actual = self._uploads.get(upload, ""), checksum_algorithm(dict(request.headers))
        if request.method != "PUT" or upload not in self._uploads or expected == actual:
            return None
        types = f"expected checksum Type: {expected or 'null'}, actual checksum Type: {actual or 'null'}"
        return f"Checksum Type mismatch occurred, {types}"

    def _problem_of_end(self, request: Request, environ: dict[str, Any]) -> str | None:
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        algorithm = self._uploads.get(request.args["uploadId"], "")
        for number, part in enumerate(re.findall(r"<Part>.*?</Part>", body.decode(), re.DOTALL), start=1):
            if algorithm and "<Checksum" not in part:
                return (
                    f"The upload was created using a {algorithm} checksum. The complete request must include"
                    f" the checksum for each part. It was missing for part {number} in the request."
                )
        return None
