"""A broker's certificates for a day, by an authority that signs nothing else."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulations.demo.ports import HERE

AUTHORITY = "ca.crt"
"""The file by which a client knows the broker."""


def write_certificates(folder: Path) -> None:
    """Write the authority's certificate, and the broker's with its key."""
    ca_key, broker_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("decroche on one machine", ca_key, None, None)
    broker = _certificate("broker", broker_key, authority, ca_key)
    pem = serialization.Encoding.PEM
    (folder / AUTHORITY).write_bytes(authority.public_bytes(pem))
    (folder / "broker.crt").write_bytes(broker.public_bytes(pem))
    key = broker_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "broker.key").touch(mode=0o600)
    (folder / "broker.key").write_bytes(key)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address(HERE))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(issuer_key or key, hashes.SHA256())
    )
