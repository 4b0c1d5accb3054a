import socket
import time

import pytest

from tasks.connect import dns, way
from tasks.connect.dns import Dns
from tasks.connect.tls import Tls
from tasks.core.errors import Unreachable
from tasks.core.sample import Sample, Trail
from tests.tasks.servers.certificates import tls_server
from tests.tasks.servers.names import dns_server


def test_records_come_sorted_and_without_final_dots() -> None:
    with dns_server({("example.com", "NS"): ["b.example.net.", "a.example.net."]}) as address:
        records = Dns(address, Trail(Sample())).resolve("example.com", "NS")

    assert records == ["a.example.net", "b.example.net"]


def test_a_silent_name_server_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "_PATIENCE_SECONDS", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        door = Dns(f"127.0.0.1:{silent.getsockname()[1]}", Trail(Sample()))
        with pytest.raises(Unreachable, match="No name server answered for A example"):
            door.resolve("example.com", "A")


def test_a_certificate_is_told_whole_even_when_nobody_trusts_it() -> None:
    with tls_server(days=10, names=["a.example.com", "*.example.com"], trusted=False) as port:
        shown = Tls(Trail(sample := Sample())).certificate("127.0.0.1", port, "a.example.com")

    days = round((shown.expires - sample.started).total_seconds() / 86_400)

    assert (days, shown.names, shown.issuer) == (10, ("a.example.com", "*.example.com"), "CN=Test authority")
    assert shown.distrust


def test_a_server_that_never_shakes_hands_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way, "_PATIENCE_SECONDS", 0.2)
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable, match="No TLS connection"):
        Tls(Trail(Sample())).certificate("127.0.0.1", silent.getsockname()[1], "localhost")

    assert time.monotonic() - begun < 2
