"""What containers trust: certificates as one file in PEM, and as a truststore of Java.

    truststore.py <bundle in PEM> <truststore>

The truststore that Debian makes holds the time at which it was made; this one is the same for the same certificates.
Java reads one of its older format, JKS, whatever format it expects, and that one is simple enough to write here.
Source: OpenJDK, sun.security.provider.JavaKeyStore (engineStore) and its DualFormatJKS.
"""

import hashlib
import re
import ssl
import struct
import sys
from pathlib import Path

# Java's own for its cacerts; it protects nothing here.
PASSWORD = "changeit"

_MAGIC, _VERSION, _TRUSTED = 0xFEEDFEED, 2, 2
# Mixed into the digest by the format.
_SALT = b"Mighty Aphrodite"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def certificates(bundle: str) -> list[str]:
    """The certificates of a bundle in PEM, each once."""
    return list(dict.fromkeys(_CERTIFICATE.findall(bundle)))


def java_truststore(bundle: str) -> bytes:
    """A truststore that holds what a bundle in PEM does."""
    found = certificates(bundle)
    body = struct.pack(">III", _MAGIC, _VERSION, len(found))
    for certificate in found:
        der = ssl.PEM_cert_to_DER_cert(certificate)
        alias = hashlib.sha256(der).hexdigest()
        body += struct.pack(">I", _TRUSTED) + _text(alias) + struct.pack(">Q", 0)
        body += _text("X.509") + struct.pack(">I", len(der)) + der
    return body + hashlib.sha1(PASSWORD.encode("utf-16-be") + _SALT + body, usedforsecurity=False).digest()


def _text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


if __name__ == "__main__":
    Path(sys.argv[2]).parent.mkdir(parents=True)
    Path(sys.argv[2]).write_bytes(java_truststore(Path(sys.argv[1]).read_text()))
