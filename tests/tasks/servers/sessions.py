"""A WebSocket service of speakers and listeners, as a release would put into the world."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.tasks.servers import running
from tests.tasks.world import Place


@dataclass
class Service:
    """``heartbeat`` is the type of the answer to one, ``handshake`` a status for every handshake, ``ends`` whether a session
    ends with its speaker's connection, ``seconds`` how long a handshake takes. ``queries`` gathers what each one asked.
    """

    heartbeat: str = "heartbeatAck"
    handshake: int = 0
    ends: bool = True
    seconds: float = 0.0
    open: set[str] = field(default_factory=set)
    queries: list[dict[str, str]] = field(default_factory=list)

    def let_in(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer the handshake; None accepts it."""
        wanted = _query(request)
        self.queries.append(wanted)
        time.sleep(self.seconds)
        stranger = wanted.get("token") != "good" and not wanted.get("token", "").startswith("eyJ")
        late = wanted.get("role") == "listener" and wanted.get("session") not in self.open
        status = self.handshake or (403 if stranger else 404 if late else 0)
        return connection.respond(status, "") if status else None

    def talk(self, connection: ServerConnection) -> None:
        """Serve one connection until it ends."""
        role = _query(connection.request).get("role") if connection.request else ""
        if role == "unwanted":
            connection.close(1008, "not today")
        if role == "broken":
            connection.close(1011)
        if role == "speaker":
            self.open.add("s-1")
            connection.send("this is not JSON")
            connection.send(json.dumps({"type": "created", "id": "s-1", "number": 7}))
        for message in connection:
            said = json.loads(message)
            if said.get("action") == "break":
                connection.close(1011)
                break
            connection.send(json.dumps({"type": self.heartbeat, "echo": said}))
        if role == "speaker" and self.ends:
            self.open.discard("s-1")


@contextmanager
def service(served: Service) -> Iterator[str]:
    """Serve it; yields its endpoint."""
    with (
        serve(served.talk, "127.0.0.1", 0, process_request=served.let_in) as server,
        running(server.serve_forever, server.shutdown),
    ):
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"


def serving(make: Callable[[], Service]) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server that serves a fresh service; its ``endpoint`` is added to the check's arguments."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with service(make()) as endpoint:
            yield Place({"endpoint": endpoint})

    return listen


def _query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.path).query))
