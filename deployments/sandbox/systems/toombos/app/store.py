"""PostgreSQL: whether it is there and speaks TLS as we do. Queries belong to the parts that make them."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

PATIENCE_SECONDS = 2.0
TLS_REQUEST = struct.pack("!ii", 8, 80877103)


def reachable(url: str) -> bool:
    """Whether a PostgreSQL server answers at the address."""
    way = urlsplit(url)
    try:
        with socket.create_connection((way.hostname or "", way.port or 5432), PATIENCE_SECONDS) as connection:
            connection.sendall(TLS_REQUEST)
            return connection.recv(1) in (b"S", b"N")
    except OSError:
        return False
