"""Read door to the certificate that a server shows. Believes the authorities of the system or of SSL_CERT_FILE.

Where the way to other hosts leads through a proxy (HTTPS_PROXY, NO_PROXY), so do these connections.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from tasks.core.errors import Malformed, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_PATIENCE_SECONDS = 10.0


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


def _greet(context: ssl.SSLContext, host: str, port: int, server_name: str) -> tuple[bytes, str]:
    """The leaf certificate in DER, and why it is not believed. Raises ``Unreachable``."""
    try:
        with (
            _connected(host, port) as plain,
            context.wrap_socket(plain, server_hostname=server_name) as secure,
        ):
            return secure.getpeercert(binary_form=True) or b"", ""
    except ssl.SSLCertVerificationError as error:
        return b"", error.verify_message
    except (OSError, ValueError, OverflowError) as error:
        raise Unreachable(f"No TLS connection to {host}:{port}: {error}.") from error


def _connected(host: str, port: int) -> socket.socket:
    """A connection to the server, straight or through the proxy that programs on this machine use. Raises ``OSError``."""
    proxy = "" if proxy_bypass(host) else getproxies().get("https", "")
    if not proxy:
        return socket.create_connection((host, port), _PATIENCE_SECONDS)
    way = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    plain = socket.create_connection((way.hostname or "", way.port or 80), _PATIENCE_SECONDS)
    try:
        plain.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("idna"))
        answered = http.client.HTTPResponse(plain, method="CONNECT")
        answered.begin()
    except (OSError, ValueError, http.client.HTTPException) as error:
        plain.close()
        raise OSError(f"the proxy {way.hostname}:{way.port} did not answer ({error})") from error
    if answered.status != http.HTTPStatus.OK:
        plain.close()
        raise OSError(f"the proxy {way.hostname}:{way.port} answered {answered.status} {answered.reason}")
    return plain
