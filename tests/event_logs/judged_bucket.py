"""Amazon S3's answer to requests that a role may not make: 403, also for what is not there.

A request's access key is the name of whoever makes it. Leaves out the bucket's own policy, keys and other services.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.wrappers import Request, Response

from components.account import Account
from components.identity.policies import Document
from offline.checks.iam.evaluation import Request as Asked
from offline.checks.iam.evaluation import decide

_SIGNED_BY = re.compile(r"Credential=([^/]+)/")
_OBJECT_ACTIONS = {
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
    "POST": "s3:PutObject",
    "DELETE": "s3:DeleteObject",
}


class JudgedBucket:
    """An S3 in which each of some roles may do in one bucket what its policy says, and others everything.

    Args:
        application: the S3.
        bucket: name of the bucket.
        account: that it and the roles are of.
        policies: policy of each role, by its access key.

    `refused` tells the requests that were refused: who, action, and key.
    """

    def __init__(
        self, application: WSGIApplication, bucket: str, account: Account, policies: Mapping[str, Document]
    ) -> None:
        self._application = application
        self._bucket, self._account, self._policies = bucket, account, policies
        self.refused: list[tuple[str, str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Refuse a request, or hand it on."""
        request = Request(environ)
        bucket, _, key = request.path.lstrip("/").partition("/")
        signed = _SIGNED_BY.search(request.headers.get("Authorization", ""))
        who = signed[1] if signed else ""
        if bucket != self._bucket or who not in self._policies:
            return self._application(environ, start_response)
        wanted = list(_wanted(request, key, environ))
        refused = [(who, action, each) for action, each in wanted if not self._allows(who, action, each, request)]
        if refused:
            self.refused += refused
            text = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            return Response(text, status=403, content_type="application/xml")(environ, start_response)
        return self._application(environ, start_response)

    def _allows(self, who: str, action: str, key: str, request: Request) -> bool:
        role = f"arn:{self._account.partition}:iam::{self._account.id}:role/{who}"
        resource = self._account.bucket_arn(self._bucket) + (f"/{key}" if key else "")
        context = {"s3:prefix": request.args["prefix"]} if "prefix" in request.args else {}
        asked = Asked(role, action, resource, context)
        return decide(asked, [self._policies[who]], owner=self._account.id) == "allowed"


def _wanted(request: Request, key: str, environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each action that a request asks, and on which key."""
    if key:
        yield _OBJECT_ACTIONS[request.method], key
        if source := request.headers.get("x-amz-copy-source"):
            yield "s3:GetObject", source.lstrip("/").partition("/")[2]
    elif request.method == "POST" and "delete" in request.args:
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        yield from (("s3:DeleteObject", each) for each in re.findall(r"<Key>(.*?)</Key>", body.decode()))
    else:
        yield "s3:ListBucket", ""
