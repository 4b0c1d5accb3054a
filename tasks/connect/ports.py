"""Read door to TCP ports: whether somebody listens. Connects and hangs up; sends nothing."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Literal

from tasks.core.errors import EvidenceError, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_PATIENCE_SECONDS = 5.0
_NO_PORT = 65_536

State = Literal["open", "refused", "silent"]


class Ports:
    """Knocks at ports, straight and through no proxy: what is asked is the way through the network."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Ports:  # noqa: ARG003  needs nothing of the session
        """The door; it connects at the first question."""
        return cls(trail)

    def state(self, host: str, port: int) -> State:
        """``silent`` when there was no answer within 5 s. Raises ``Unreachable`` for a name that does not resolve."""
        found: State = self._trail.read("ports", f"port {port} of {host}", lambda: _knocked(host, port))
        return found


def _knocked(host: str, port: int) -> State:
    if not 0 < port < _NO_PORT:  # the C library would silently ask another one
        raise EvidenceError(f"{port} is no TCP port.")
    try:
        socket.create_connection((host, port), _PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    except ValueError as error:
        raise EvidenceError(f"{host}:{port} is nothing to connect to: {error}.") from error
    except OSError as error:
        raise Unreachable(f"There is no way to {host}:{port}: {error}.") from error
    return "open"
