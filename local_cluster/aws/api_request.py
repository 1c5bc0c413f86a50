"""One request to an AWS API as it came in."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote


@dataclass(frozen=True)
class ApiRequest:
    """A request.

    Args:
        method: in capitals.
        host: the host that was asked, without a port.
        raw_path: as it was sent.
        raw_query: as it was sent.
        headers: by name in lower case.
        body: in whole.
    """

    method: str
    host: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(self.raw_path)

    @property
    def query(self) -> dict[str, str]:
        """Parameters by name; those without a value have an empty one."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """Parameters of the query protocol, from body and query."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return self.query
        return self.query | dict(parse_qsl(self.body.decode(), keep_blank_values=True))


def read_request(environ: Mapping[str, Any]) -> ApiRequest:
    """The request of a WSGI environment, whose body is read."""
    raw_path, _, raw_query = environ["REQUEST_URI"].partition("?")
    headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            headers[key.replace("_", "-").lower()] = environ[key]
    host = headers.get("host", "").rpartition(":")[0] if ":" in headers.get("host", "") else headers.get("host", "")
    return ApiRequest(environ["REQUEST_METHOD"], host, raw_path, raw_query, headers, _body(environ))


def _body(environ: Mapping[str, Any]) -> bytes:
    stream: io.BufferedIOBase = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        return stream.read()
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return stream.read(length) if length else b""
