"""Read door to the certificate that a server shows. Believes the authorities of the system or of SSL_CERT_FILE.

Where the way to other hosts leads through a proxy (HTTPS_PROXY, NO_PROXY), so do these connections.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tasks.connect.way import connected
from tasks.core.errors import EvidenceError, Malformed, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session


_VERSIONS = {"TLSv1.1": ssl.TLSVersion.TLSv1_1, "TLSv1.2": ssl.TLSVersion.TLSv1_2}


@dataclass(frozen=True)
class Certificate:
    """The leaf certificate. ``distrust`` says why no authority vouches for it under the asked name; empty: it is trusted."""

    expires: datetime
    names: tuple[str, ...]
    issuer: str
    distrust: str


class Tls:
    """Shakes hands, looks at the certificate, hangs up."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Tls:  # noqa: ARG003  needs nothing of the session
        """The door; it connects at the first question."""
        return cls(trail)

    def version(self, host: str, port: int, newest: str = "") -> str:
        """The TLS version that the server agrees to with a client that knows none after ``newest``, such as ``TLSv1.2``.

        Empty when the server refuses such a client. Raises ``Unreachable``, and ``EvidenceError`` when this machine's own
        OpenSSL cannot speak so old a version.
        """
        question = f"TLS version of {host}:{port} for a client up to {newest or 'the newest'}"
        agreed: str = self._trail.read("tls", question, lambda: _agreed(host, port, newest))
        return agreed

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def certificate(self, host: str, port: int, server_name: str) -> Certificate:
        """The certificate shown at ``host``:``port`` to who asks for ``server_name``. Raises ``Unreachable``."""
        question = f"certificate of {host}:{port} for {server_name}"
        shown: Certificate = self._trail.read("tls", question, lambda: _shown(host, port, server_name))
        return shown


def _shown(host: str, port: int, server_name: str) -> Certificate:
    from cryptography import x509

    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    content, _ = _greet(blind, host, port, server_name)
    _, distrust = _greet(ssl.create_default_context(), host, port, server_name)
    try:
        leaf = x509.load_der_x509_certificate(content)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Certificate(leaf.not_valid_after_utc, (), leaf.issuer.rfc4514_string(), distrust)
    except ValueError as error:
        raise Malformed(f"The certificate of {host}:{port} cannot be read: {error}.") from error
    told = tuple(str(name.value) for name in names)
    return Certificate(leaf.not_valid_after_utc, told, leaf.issuer.rfc4514_string(), distrust)


def _agreed(host: str, port: int, newest: str) -> str:
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    if newest:
        blind.set_ciphers("ALL:@SECLEVEL=0")  # OpenSSL 3 offers the old versions to nobody otherwise
        blind.minimum_version, blind.maximum_version = ssl.TLSVersion.TLSv1, _VERSIONS[newest]
    try:
        plain = connected(host, port)
    except (OSError, ValueError, OverflowError) as error:
        raise Unreachable(f"No connection to {host}:{port}: {error}.") from error
    try:
        with plain, blind.wrap_socket(plain, server_hostname=host) as secure:
            return str(secure.version())
    except TimeoutError as error:
        raise Unreachable(f"{host}:{port} did not answer the TLS handshake: {error}.") from error
    except (ssl.SSLError, OSError) as error:
        if "NO_PROTOCOLS_AVAILABLE" in str(error) or "NO_CIPHERS_AVAILABLE" in str(error):
            raise EvidenceError(f"This machine's OpenSSL cannot speak {newest}, so {host}:{port} cannot be tried.") from error
        return ""


def _greet(context: ssl.SSLContext, host: str, port: int, server_name: str) -> tuple[bytes, str]:
    """The leaf certificate in DER, and why it is not believed. Raises ``Unreachable``."""
    try:
        with (
            connected(host, port) as plain,
            context.wrap_socket(plain, server_hostname=server_name) as secure,
        ):
            return secure.getpeercert(binary_form=True) or b"", ""
    except ssl.SSLCertVerificationError as error:
        return b"", error.verify_message
    except (OSError, ValueError, OverflowError) as error:
        raise Unreachable(f"No TLS connection to {host}:{port}: {error}.") from error
