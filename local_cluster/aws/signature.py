"""Who signed a request, by Signature Version 4: in its header or, presigned, in its query.

Of a body that is sent in signed chunks the first signature is checked, which covers headers and query; those of the
chunks are not.

Source: IAM user guide, "AWS Signature Version 4 for API requests", "Create a signed AWS API request"; Amazon S3 API
reference, "Authenticating Requests (AWS Signature Version 4)". The arithmetic is botocore's.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote

from botocore.auth import SigV4Auth
from botocore.credentials import Credentials as SigningCredentials
from botocore.utils import normalize_url_path

from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.credentials import Credential, Credentials

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^, ]+),\s*SignedHeaders=(?P<headers>[^, ]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = timedelta(minutes=15)
_HASH = re.compile("[0-9a-f]{64}")


class SignatureError(Exception):
    """A request that nobody signed who AWS knows.

    Args:
        reason: one of the kinds that `refusals` has a code for in each protocol.
        message: for people.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Signature:
    """What a request says of its signature."""

    access_key_id: str
    date: str
    region: str
    service: str
    timestamp: str
    signed_headers: tuple[str, ...]
    signature: str
    session_token: str
    payload_hash: str
    expires_seconds: int | None

    @classmethod
    def of(cls, request: ApiRequest) -> "Signature":
        """The signature of a request.

        Raises:
            SignatureError: when it has none.
        """
        query = request.query
        presigned = "X-Amz-Signature" in query
        match = _HEADER.fullmatch(request.headers.get("authorization", "").strip())
        if presigned:
            credential, headers = query.get("X-Amz-Credential", ""), query.get("X-Amz-SignedHeaders", "host")
            timestamp, token = query.get("X-Amz-Date", ""), query.get("X-Amz-Security-Token", "")
            signature, expires = query["X-Amz-Signature"], int(query.get("X-Amz-Expires") or 0)
        elif match:
            credential, headers, signature = match["credential"], match["headers"], match["signature"]
            timestamp, token = request.headers.get("x-amz-date", ""), request.headers.get("x-amz-security-token", "")
            expires = None
        else:
            raise SignatureError("missing", "The request is not signed with Signature Version 4")
        parts = credential.split("/")
        if len(parts) != 5:
            raise SignatureError("incomplete", f"Credential {credential} is not KEY/DATE/REGION/SERVICE/aws4_request")
        access_key_id, date, region, service, _ = parts
        payload = request.headers.get("x-amz-content-sha256", "")
        if presigned:
            payload = payload or ("UNSIGNED-PAYLOAD" if service == "s3" else hashlib.sha256(request.body).hexdigest())
        names = tuple(headers.split(";"))
        return cls(access_key_id, date, region, service, timestamp, names, signature, token, payload, expires)


def authenticate(request: ApiRequest, signature: Signature, credentials: Credentials) -> Credential:
    """The credential that a request was signed with.

    Raises:
        SignatureError: when it was signed with none, or not rightly.
    """
    credential = credentials.find(signature.access_key_id)
    if credential is None:
        raise SignatureError("unknown key", "The AWS Access Key Id you provided does not exist in our records.")
    if not hmac.compare_digest(signature.session_token.encode(), credential.session_token.encode()):
        raise SignatureError("bad token", "The security token included in the request is invalid.")
    if credential.has_expired:
        raise SignatureError("expired token", "The security token included in the request is expired")
    _require_time(signature)
    payload = signature.payload_hash or hashlib.sha256(request.body).hexdigest()
    if _HASH.fullmatch(payload) and payload != hashlib.sha256(request.body).hexdigest():
        raise SignatureError(
            "wrong body", "The provided 'x-amz-content-sha256' header does not match what was computed."
        )
    if not hmac.compare_digest(_sign(request, signature, payload, credential), signature.signature):
        raise SignatureError(
            "wrong signature",
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
            "method.",
        )
    return credential


def _require_time(signature: Signature) -> None:
    try:
        signed = datetime.strptime(signature.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise SignatureError("incomplete", f"x-amz-date {signature.timestamp!r} is no time") from None
    age = datetime.now(UTC) - signed
    if signature.expires_seconds is not None and age > timedelta(seconds=signature.expires_seconds):
        raise SignatureError("expired request", "Request has expired")
    if abs(age) > _SKEW and signature.expires_seconds is None:
        raise SignatureError("skewed", "The difference between the request time and the current time is too large.")


def _sign(request: ApiRequest, signature: Signature, payload: str, credential: Credential) -> str:
    keys = SigningCredentials(credential.access_key_id, credential.secret_access_key)
    signer = SigV4Auth(keys, signature.service, signature.region)
    canonical = "\n".join(
        [
            request.method,
            _canonical_path(request, signature.service),
            _canonical_query(request),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signature.signed_headers),
            "",
            ";".join(signature.signed_headers),
            payload,
        ]
    )
    signed: Any = SimpleNamespace(context={"timestamp": signature.timestamp})
    return str(signer.signature(signer.string_to_sign(signed, canonical), signed))


def _canonical_path(request: ApiRequest, service: str) -> str:
    if service == "s3":
        return quote(request.path, safe="/~") or "/"
    return quote(normalize_url_path(request.raw_path or "/"), safe="/~")


def _canonical_query(request: ApiRequest) -> str:
    pairs = parse_qsl(request.raw_query.replace("+", "%2B"), keep_blank_values=True)
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded if name != "X-Amz-Signature")
