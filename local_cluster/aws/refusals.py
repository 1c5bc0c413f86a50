"""Errors as each protocol of AWS writes them.

Source: AWS, Smithy specifications of the protocols awsJson, awsQuery, restXml and rpcv2Cbor, "Operation error
serialization"; Amazon S3 API reference, "Error responses"; each service's API reference, "Common errors".
"""

import json
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from local_cluster.aws.services import Protocol

# Reason -> code of Amazon S3, code of the other services, status.
_CODES = {
    "denied": ("AccessDenied", "AccessDenied", 403),
    "missing": ("AccessDenied", "MissingAuthenticationToken", 403),
    "incomplete": ("AuthorizationHeaderMalformed", "IncompleteSignature", 400),
    "unknown key": ("InvalidAccessKeyId", "UnrecognizedClientException", 403),
    "bad token": ("InvalidToken", "UnrecognizedClientException", 400),
    "expired token": ("ExpiredToken", "ExpiredTokenException", 400),
    "wrong signature": ("SignatureDoesNotMatch", "SignatureDoesNotMatch", 403),
    "wrong body": ("XAmzContentSHA256Mismatch", "InvalidSignatureException", 400),
    "expired request": ("AccessDenied", "RequestExpired", 403),
    "skewed": ("RequestTimeTooSkewed", "RequestExpired", 403),
    "unknown call": ("NotImplemented", "UnknownOperationException", 501),
    "broken": ("InternalError", "InternalFailure", 500),
}


def error_response(reason: str, message: str, protocol: Protocol) -> Response:
    """What a client gets.

    Args:
        reason: one of `_CODES`.
        message: for people.
        protocol: of the request.
    """
    for_s3, code, status = _CODES[reason]
    if protocol == "xml":
        text = f"<Error><Code>{for_s3}</Code><Message>{escape(message)}</Message><RequestId>moka</RequestId></Error>"
        return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, content_type="application/xml")
    if protocol == "query":
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        text = f"<ErrorResponse>{inner}<RequestId>moka</RequestId></ErrorResponse>"
        return Response(text, status, content_type="text/xml")
    code = "AccessDeniedException" if code == "AccessDenied" else code
    if protocol == "cbor":
        answer = Response(_cbor({"__type": code, "message": message}), status, content_type="application/cbor")
        answer.headers["smithy-protocol"] = "rpc-v2-cbor"
        return answer
    answer = Response(json.dumps({"__type": code, "message": message}), 400 if status == 403 else status)
    answer.headers |= {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}
    return answer


def _cbor(texts: dict[str, str]) -> bytes:
    """A map of texts, which is all that an error needs. Source: RFC 8949, section 3."""
    parts = (part for pair in texts.items() for part in map(_cbor_text, pair))
    return bytes([0xA0 | len(texts)]) + b"".join(parts)


def _cbor_text(text: str) -> bytes:
    content = text.encode()
    return b"\x79" + len(content).to_bytes(2) + content
