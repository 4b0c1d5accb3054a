"""A name server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.tasks.servers import running
from tests.tasks.world import Place


@contextmanager
def dns_server(zone: Mapping[tuple[str, str], Sequence[str]], rcode: str = "") -> Iterator[str]:
    """Serve ``(name, type) -> values``, or refuse everything with ``rcode``; yields host:port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        ended = threading.Event()

        def answer_all() -> None:
            while not ended.is_set():
                try:
                    wire, client = server.recvfrom(4096)
                except TimeoutError:
                    continue
                server.sendto(_dns_answer(dns.message.from_wire(wire), zone, rcode).to_wire(), client)

        with running(answer_all, ended.set):
            yield f"127.0.0.1:{server.getsockname()[1]}"


def _dns_answer(query: dns.message.Message, zone: Mapping[tuple[str, str], Sequence[str]], rcode: str) -> dns.message.Message:
    question = query.question[0]
    name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
    response = dns.message.make_response(query)
    if rcode or not any(known == name for known, _ in zone):
        response.set_rcode(dns.rcode.from_text(rcode or "NXDOMAIN"))
    elif (name, kind) in zone:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *zone[name, kind]))
    return response


def resolving(
    zone: Mapping[tuple[str, str], Sequence[str]] | None = None, rcode: str = ""
) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server that serves the zone; the settings name it."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with dns_server(zone or {}, rcode) as address:
            yield Place(settings={"nameserver": address})

    return listen
