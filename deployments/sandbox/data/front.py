"""In front of PostgreSQL: encryption, which the server of the sandbox was built without, and the console of a PgBouncer.

Takes encrypted connections and hands them on; refuses others as a server does whose pg_hba.conf says hostssl. Who asks for
the database ``pgbouncer`` gets a console that knows SHOW DATABASES, CONFIG and POOLS, as the file ``pooler.json`` says.
``settings.json`` may say ``{"plain": true}``: then connections that are not encrypted are taken too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

_TLS, _GSS, _CANCEL = 80877103, 80877104, 80877102
_TEXT = 25


async def serve(port: int, server: int, certificate: Path, directory: Path) -> None:
    """Listen until the process ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await _greeted(reader, writer, context, server, directory)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", port) as listening:
        await listening.serve_forever()


async def _greeted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext, server: int, directory: Path
) -> None:
    code, start = await _start(reader)
    while code in (_TLS, _GSS):
        writer.write(b"S" if code == _TLS else b"N")
        await writer.drain()
        if code == _TLS:
            await writer.start_tls(context)
        code, start = await _start(reader)
    names = start[8:].rstrip(b"\0").split(b"\0") if code != _CANCEL else []
    asked = dict(zip(names[::2], names[1::2], strict=False))
    user, database = (asked.get(name, b"").decode() for name in (b"user", b"database"))
    encrypted = writer.get_extra_info("ssl_object") is not None
    if not encrypted and code != _CANCEL and not _read(directory / "settings.json").get("plain"):
        message = f'no pg_hba.conf entry for host "127.0.0.1", user "{user}", database "{database}", no encryption'
        writer.write(_error("28000", message))
        await writer.drain()
    elif database == "pgbouncer":
        await _console(reader, writer, _read(directory / "pooler.json"))
    else:
        await _hand_on(reader, writer, start, server)


async def _start(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The first message of a connection: its code, and all of it."""
    head = await reader.readexactly(8)
    length, code = struct.unpack("!ii", head)
    return code, head + await reader.readexactly(length - 8)


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, start: bytes, server: int) -> None:
    back, on = await asyncio.open_connection("127.0.0.1", server)
    on.write(start)
    with suppress(ConnectionError):
        await asyncio.gather(_pump(reader, on), _pump(back, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while content := await source.read(65536):
            sink.write(content)
            await sink.drain()
    finally:
        sink.close()


async def _console(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pooler: dict[str, Any]) -> None:
    """The simple protocol, without a password: whoever reads the address may look."""
    parameters = {"server_version": "1.18.0/bouncer", "client_encoding": "UTF8", "standard_conforming_strings": "on"}
    told = b"".join(_message(b"S", f"{name}\0{value}\0".encode()) for name, value in parameters.items())
    writer.write(_message(b"R", struct.pack("!i", 0)) + told + _message(b"Z", b"I"))
    while (kind := await reader.readexactly(1)) != b"X":
        (length,) = struct.unpack("!i", await reader.readexactly(4))
        text = (await reader.readexactly(length - 4)).rstrip(b"\0").decode().strip(" ;").upper()
        rows = pooler.get(text.removeprefix("SHOW ").lower()) if kind == b"Q" else None
        answer = _error("08P01", f"invalid command '{text}'") if rows is None else _rows(rows)
        writer.write(answer + _message(b"Z", b"I"))
        await writer.drain()


def _rows(rows: list[dict[str, Any]]) -> bytes:
    names = list(rows[0]) if rows else ["name"]
    columns = b"".join(name.encode() + b"\0" + struct.pack("!ihihih", 0, 0, _TEXT, -1, -1, 0) for name in names)
    told = _message(b"T", struct.pack("!h", len(names)) + columns)
    for row in rows:
        told += _message(b"D", struct.pack("!h", len(names)) + b"".join(_field(row[name]) for name in names))
    return told + _message(b"C", b"SHOW\0")


def _field(value: object) -> bytes:
    if value is None:
        return struct.pack("!i", -1)
    text = str(value).encode()
    return struct.pack("!i", len(text)) + text


def _error(state: str, message: str) -> bytes:
    fields = "".join(f"{name}{value}\0" for name, value in (("S", "FATAL"), ("V", "FATAL"), ("C", state), ("M", message)))
    return _message(b"E", fields.encode() + b"\0")


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return found


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    for name, kind in (("port", int), ("server", int), ("certificate", Path), ("directory", Path)):
        options.add_argument(f"--{name}", type=kind, required=True)
    given = options.parse_args()
    asyncio.run(serve(given.port, given.server, given.certificate, given.directory))
