"""Certificates of one cluster, all signed by an authority that is made with it and leaves the machine with it.

Names follow kubeadm's: what a client may do hangs on the common name (its user) and the organizations (its groups).
Leaves out rotation: an authority lives ten years, a certificate is made anew when the cluster starts and it has less
than half of its year left.

Source: Kubernetes documentation, "PKI certificates and requirements" and "Authenticating", X.509 client certificates.
"""

import datetime
import ipaddress
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private

AUTHORITY = "ca"
SERVICE_ACCOUNTS = "service-accounts"

_AUTHORITY_DAYS = 3650
_CERTIFICATE_DAYS = 365


def make_authority(directory: ClusterDirectory) -> None:
    """Make the cluster's authority and the key that signs tokens of service accounts, unless they are there."""
    if not _certificate_file(directory, AUTHORITY).exists():
        key = _new_key(directory, AUTHORITY)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"moka-{directory.stack}")])
        builder = _builder(name, name, key.public_key(), _AUTHORITY_DAYS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        write_private(_certificate_file(directory, AUTHORITY), _pem(builder.sign(key, hashes.SHA256())))
    if not key_file(directory, SERVICE_ACCOUNTS).exists():
        _new_key(directory, SERVICE_ACCOUNTS)


def issue(
    directory: ClusterDirectory,
    name: str,
    common_name: str,
    organization: Iterable[str] = (),
    hosts: Iterable[str] = (),
) -> tuple[Path, Path]:
    """A certificate for clients and servers, made anew where it is missing, old, another authority's or for others.

    Args:
        directory: the cluster's.
        name: of the files.
        common_name: the user, for a client.
        organization: its groups.
        hosts: names and addresses that a server answers at.

    Returns:
        Files of the certificate and of its key.
    """
    certificate, key = _certificate_file(directory, name), key_file(directory, name)
    subject = _subject(common_name, organization)
    alternatives = [_general_name(host) for host in hosts]
    authority = x509.load_pem_x509_certificate(_certificate_file(directory, AUTHORITY).read_bytes())
    if key.exists() and certificate.exists() and _still_good(certificate, authority, subject, alternatives):
        return certificate, key
    signer = _load_key(directory, AUTHORITY)
    own = _new_key(directory, name)
    builder = _builder(subject, authority.subject, own.public_key(), _CERTIFICATE_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
    builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    # Python 3.13 takes no certificate without it.
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(issuer, critical=False)
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    write_private(certificate, _pem(builder.sign(signer, hashes.SHA256())))
    return certificate, key


def authority_file(directory: ClusterDirectory) -> Path:
    """The authority's certificate."""
    return _certificate_file(directory, AUTHORITY)


def key_file(directory: ClusterDirectory, name: str) -> Path:
    """Where a key lies."""
    return directory.pki / f"{name}.key"


def _certificate_file(directory: ClusterDirectory, name: str) -> Path:
    return directory.pki / f"{name}.crt"


def _subject(common_name: str, organization: Iterable[str]) -> x509.Name:
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in organization]
    return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _still_good(
    file: Path, authority: x509.Certificate, subject: x509.Name, alternatives: list[x509.GeneralName]
) -> bool:
    found = x509.load_pem_x509_certificate(file.read_bytes())
    try:
        found.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    half = datetime.timedelta(days=_CERTIFICATE_DAYS / 2)
    extension = next((each.value for each in found.extensions if each.oid == x509.SubjectAlternativeName.oid), [])
    names = list(extension) if isinstance(extension, x509.SubjectAlternativeName) else []
    return found.subject == subject and names == alternatives and found.not_valid_after_utc - _now() > half


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    # A clock that is set back a little must not make a new cluster unusable.
    start = _now() - datetime.timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=days))
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _new_key(directory: ClusterDirectory, name: str) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    write_private(key_file(directory, name), key.private_bytes(encoding, form, serialization.NoEncryption()))
    return key


def _load_key(directory: ClusterDirectory, name: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(key_file(directory, name).read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{key_file(directory, name)} holds no key of this cluster")
    return key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
