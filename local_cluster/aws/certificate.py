"""Certificates of the cluster's own authority."""

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local_cluster.private_file import write_private

_VALIDITY = timedelta(days=365)


def issue_certificate(authority: Path, name: str, hosts: Iterable[str], into: Path) -> Path:
    """Make a key and a certificate for a server; returns the file that holds both.

    Args:
        authority: directory with ca.crt and ca.key.
        name: what the certificate is for.
        hosts: host names, which may begin with `*.`, and addresses.
        into: directory of the file.

    Raises:
        ValueError: when the authority's key is of a kind that signs no certificates.
    """
    parent = x509.load_pem_x509_certificate((authority / "ca.crt").read_bytes())
    parent_key = serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None)
    if not isinstance(parent_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError(f"{authority / 'ca.key'} is neither RSA nor of an elliptic curve")
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(parent.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks differ.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in hosts]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(parent_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(parent_key, hashes.SHA256())
    )
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = into / f"{name}.pem"
    write_private(path, encoded + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
