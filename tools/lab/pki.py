"""The certificates of a lab: three authorities, what its servers show, and who its clients are.

Owns the files below the lab's pki folder, issued once and kept. It does not own who may do what: RBAC does (`objects`),
to which the common name is the user and the organizations are the groups. Imported only when something is missing,
because cryptography takes longer to load than a healthy lab to check.
"""

from __future__ import annotations

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tools.lab.layout import LOOPBACK, Layout, write_private
from tools.lab.records import Certificate

# A lab lives on one machine behind loopback and is reset rather than rotated: nobody should meet an expired one.
VALIDITY = datetime.timedelta(days=3650)
# The first address of the API server's --service-cluster-ip-range.
SERVICE_IP = "10.96.0.1"
HOSTS = (
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
)


def issue(layout: Layout, certificate: Certificate) -> None:
    """Issue a certificate, and its authority first where that is missing too."""
    if not layout.crt(certificate.authority).exists():
        _authority(layout, certificate.authority)
    signer = load_pem_private_key(layout.key(certificate.authority).read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{layout.key(certificate.authority)} is not one of our keys")
    authority = x509.load_pem_x509_certificate(layout.crt(certificate.authority).read_bytes())
    private = ec.generate_private_key(ec.SECP256R1())
    names = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in certificate.groups]
    subject = x509.Name([*names, x509.NameAttribute(NameOID.COMMON_NAME, certificate.user)])
    builder = _builder(subject, authority.subject, private.public_key(), signer.public_key(), authority=False)
    # Servers are clients too: etcd's gateway dials etcd with the certificate that it serves.
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if certificate.serves:
        purposes.append(ExtendedKeyUsageOID.SERVER_AUTH)
        addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in (LOOPBACK, SERVICE_IP)]
        hosts = [x509.DNSName(host) for host in HOSTS]
        builder = builder.add_extension(x509.SubjectAlternativeName([*hosts, *addresses]), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    _write(layout, certificate.name, private, builder.sign(signer, hashes.SHA256()))


def issue_service_accounts(layout: Layout) -> None:
    """Make the pair that signs and checks the tokens of service accounts."""
    private = ec.generate_private_key(ec.SECP256R1())
    write_private(layout.key("service-accounts"), _pem(private))
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_private(layout.pki / "service-accounts.pub", public)


def _authority(layout: Layout, name: str) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"lab-{name}")])
    builder = _builder(subject, subject, private.public_key(), private.public_key(), authority=True)
    _write(layout, name, private, builder.sign(private, hashes.SHA256()))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePublicKey,
    *,
    authority: bool,
) -> x509.CertificateBuilder:
    # An hour back, for clocks that are set while a lab runs (a virtual machine that wakes up).
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _write(layout: Layout, name: str, private: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    # The certificate last: one that is there has its key beside it, whenever we were killed.
    write_private(layout.key(name), _pem(private))
    write_private(layout.crt(name), certificate.public_bytes(Encoding.PEM))


def _pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
