"""Redis, as much of it as a cache needs."""

from __future__ import annotations

import socket
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 2.0


class CacheError(Exception):
    """Redis did not do what it was asked to."""


def ask(url: str, *words: str) -> str | None:
    """The answer to one command; None where there is nothing. CacheError when it cannot be had."""
    way = urlsplit(url)
    commands = [("AUTH", unquote(way.password))] if way.password else []
    try:
        with socket.create_connection((way.hostname or "", way.port or 6379), PATIENCE_SECONDS) as connection:
            stream = connection.makefile("rwb")
            answer = None
            for command in [*commands, words]:
                stream.write(b"*%d\r\n" % len(command) + b"".join(_bulk(word) for word in command))
                stream.flush()
                answer = _answer(stream)
            return answer
    except OSError as error:
        raise CacheError(f"Redis at {way.hostname}:{way.port} does not answer: {error}") from error


def _bulk(word: str) -> bytes:
    content = word.encode()
    return b"$%d\r\n%s\r\n" % (len(content), content)


def _answer(stream: object) -> str | None:
    line = stream.readline().decode().rstrip("\r\n")
    if line.startswith("-") or not line:
        raise CacheError(f"Redis refuses: {line[1:] or 'it hung up'}")
    if not line.startswith("$"):
        return line[1:]
    length = int(line[1:])
    return None if length < 0 else stream.read(length + 2)[:-2].decode()
