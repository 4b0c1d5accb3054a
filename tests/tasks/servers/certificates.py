"""A TLS server that shows the certificate that a test wants."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.tasks.servers import running
from tests.tasks.world import Place


@contextmanager
def tls_server(
    days: float = 90, names: Sequence[str] = ("localhost",), *, trusted: bool = True, oldest: ssl.TLSVersion | None = None
) -> Iterator[int]:
    """Show a fresh certificate that an authority in SSL_CERT_FILE signed, unless it is not trusted; yields the port.

    ``oldest`` is the oldest version that the server agrees to.
    """
    with TemporaryDirectory() as folder:
        chain, authority = Path(folder, "server.pem"), Path(folder, "authority.pem")
        _write_certificates(chain, authority, days, names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        if oldest:
            context.minimum_version = oldest
            context.set_ciphers("ALL:@SECLEVEL=0")
        believed = {"SSL_CERT_FILE": str(authority if trusted else "/dev/null")}
        with socket.create_server(("127.0.0.1", 0)) as server, patch.dict("os.environ", believed):
            server.settimeout(0.05)
            ended = threading.Event()

            def shake_hands() -> None:
                while not ended.is_set():
                    try:
                        context.wrap_socket(server.accept()[0], server_side=True).close()
                    except OSError:
                        continue

            with running(shake_hands, ended.set):
                yield server.getsockname()[1]


def _write_certificates(chain: Path, authority: Path, days: float, names: Sequence[str]) -> None:
    now = dt.datetime.now(dt.UTC)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey, until: dt.datetime) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        return builder.not_valid_before(min(now, until) - dt.timedelta(days=1)).not_valid_after(until)

    def pem(signed: x509.Certificate) -> bytes:
        return signed.public_bytes(serialization.Encoding.PEM)

    root = certificate(issuer, key.public_key(), now + dt.timedelta(days=400))
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    authority.write_bytes(pem(root.sign(key, hashes.SHA256())))
    leaf = certificate(x509.Name([]), own.public_key(), now + dt.timedelta(days=days))
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    private = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + pem(leaf.sign(key, hashes.SHA256())))


def showing(
    days: float = 90, names: Sequence[str] = ("localhost",), *, trusted: bool = True, oldest: ssl.TLSVersion | None = None
) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server that shows such a certificate; its ``port`` is added to the check's arguments."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with tls_server(days, names, trusted=trusted, oldest=oldest) as port:
            yield Place({"port": port})

    return listen
