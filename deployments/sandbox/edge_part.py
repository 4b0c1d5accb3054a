"""Https addresses as a part of a world: an authority of its own, a certificate for each host, and the way there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .parts import Started, serve

if TYPE_CHECKING:
    from .world import World

SERVER = "deployments.sandbox.edge"
_AUTHORITY = "authority.pem"
_GOOD_FOR_DAYS = 90
_NO_WAY_ROUND = "127.0.0.1,localhost,::1"


@dataclass(frozen=True)
class Edge:
    """Https for ``names``: a host, and the name of the world's port, or the URL, that answers plain HTTP for it.

    Releases find it by HTTPS_PROXY, and believe its certificates by SSL_CERT_FILE.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    name: str = "edge"

    def joined(self, other: Edge) -> Edge:
        """One for the names of both."""
        return Edge({**self.names, **other.names})

    def start(self, world: World) -> Started:
        """Make authority and certificates, and serve on loopback."""
        directory = (world.directory / self.name).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        make_authority(directory)
        for host in self.names:
            certify(world, host)
        options = {
            "--world": str((world.directory / "world.json").resolve()),
            "--certificates": str(directory),
            "--names": json.dumps(dict(self.names)),
        }
        started = serve(world, self.name, SERVER, *(word for pair in options.items() for word in pair))
        way = {"HTTPS_PROXY": f"http://127.0.0.1:{started.ports[self.name]}", "NO_PROXY": _NO_WAY_ROUND}
        return replace(started, environ=way | {"SSL_CERT_FILE": str(directory / _AUTHORITY)})

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """New certificates from the same authority."""
        for host in self.names:
            certify(world, host)


def make_authority(directory: Path) -> None:
    """Write an authority that nobody outside this world believes, unless there is one."""
    if (directory / _AUTHORITY).is_file():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("Sandbox authority")
    certificate = (
        _dated(-1, 3650)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(directory / "authority-key.pem", _pem(key))
    _write(directory / _AUTHORITY, certificate.public_bytes(serialization.Encoding.PEM))


def certify(world: World, host: str, days: float = _GOOD_FOR_DAYS) -> None:
    """Give the host a certificate that is good for so many days from now; none when that is less than nothing."""
    directory = world.directory / "edge"
    authority = x509.load_pem_x509_certificate((directory / _AUTHORITY).read_bytes())
    signer = serialization.load_pem_private_key((directory / "authority-key.pem").read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{directory / 'authority-key.pem'} holds no key of an authority")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _dated(min(-1, days - 1), days)
        .subject_name(_named(host))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(directory / f"{host}.pem", certificate.public_bytes(serialization.Encoding.PEM) + _pem(key))


def _dated(since: float, until: float) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().serial_number(x509.random_serial_number())
    return builder.not_valid_before(now + timedelta(days=since)).not_valid_after(now + timedelta(days=until))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(path: Path, content: bytes) -> None:
    """Put it there at once: the server reads at any time."""
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)
