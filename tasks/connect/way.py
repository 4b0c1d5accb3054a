"""The way to another host: straight, or through the proxy that programs on this machine use (HTTPS_PROXY, NO_PROXY)."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_PATIENCE_SECONDS = 10.0


def connected(host: str, port: int) -> socket.socket:
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
