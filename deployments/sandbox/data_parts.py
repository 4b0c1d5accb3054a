"""PostgreSQL and Redis as parts of a world: real servers, from packages of the sandbox's Python environment.

A system fills them with ``sql`` and ``redis_client``, and writes ``postgres_url`` and ``redis_url`` where its release looks.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployments import processes

from . import edge_part
from .parts import Started

if TYPE_CHECKING:
    import psycopg
    import redis

    from .world import World

ROOT = Path(__file__).parents[2]
_PROGRAMS = Path(__file__).parent / "data" / "programs.py"
_FRONT = "deployments.sandbox.data.front"
_OWNER = "sandbox"
_HOST = "postgres.sandbox"
_READY_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "50",
    "fsync": "off",
    "wal_level": "replica",
}
_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
_ROLES = "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user"
POOLER: dict[str, list[dict[str, Any]]] = {
    "databases": [],
    "config": [{"key": "pool_mode", "value": "transaction"}, {"key": "default_pool_size", "value": "20"}],
    "pools": [{"database": "pgbouncer", "cl_waiting": 0}],
}
_REDIS = {"bind": "127.0.0.1", "appendonly": "yes", "save": "", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}


@dataclass(frozen=True)
class Postgres:
    """A server that takes encrypted connections at the port ``postgres``; its database pgbouncer is a PgBouncer's console."""

    name: str = "postgres"

    def start(self, world: World) -> Started:
        """A new server without any database but its own."""
        directory = (world.directory / self.name).resolve()
        shutil.rmtree(directory, ignore_errors=True)
        data = directory / "data"
        data.mkdir(parents=True)
        _make_password(directory)
        own, front = processes.free_ports(2)
        _make_cluster(world, directory, data)
        options = [word for name, value in {**_SETTINGS, "port": str(own)}.items() for word in ("-c", f"{name}={value}")]
        pid = _start(world, directory, "postgres", "-D", str(data), *options)
        processes.wait_until(lambda: _answers(own, directory), pid, _READY_SECONDS)
        _configure(directory)
        serving = self._start_front(world, directory, own, front)
        return Started(
            {self.name: (pid, "postgres"), f"{self.name}-front": (serving, _FRONT)},
            ports={self.name: front, f"{self.name}-own": own},
        )

    def _start_front(self, world: World, directory: Path, own: int, port: int) -> int:
        edge = world.directory / "edge"
        edge.mkdir(parents=True, exist_ok=True)
        edge_part.make_authority(edge)
        edge_part.certify(world, _HOST)
        options = {
            "--port": port,
            "--server": own,
            "--certificate": (edge / f"{_HOST}.pem").resolve(),
            "--directory": directory,
        }
        command = [
            str(world.sandbox_python.absolute()),
            "-m",
            _FRONT,
            *(str(word) for pair in options.items() for word in pair),
        ]
        return processes.start(command, _environ(PYTHONPATH=str(ROOT)), directory, directory / "front.log")

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """No database and no role but the server's own."""
        _configure(world.directory / self.name)
        with _owner(world) as connection:
            for (name,) in connection.execute(_DATABASES).fetchall():
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            for (name,) in connection.execute(_ROLES).fetchall():
                connection.execute(f'DROP ROLE "{name}"'.encode())
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")


@dataclass(frozen=True)
class Redis:
    """A server that wants a password, at the port ``redis``."""

    name: str = "redis"

    def start(self, world: World) -> Started:
        """A new, empty server."""
        directory = (world.directory / self.name).resolve()
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        password = _make_password(directory)
        (port,) = processes.free_ports(1)
        settings = {**_REDIS, "port": str(port), "dir": str(directory), "requirepass": password}
        lines = [f'{name} "{value}"\n' for name, value in settings.items()]
        (directory / "redis.conf").write_text("".join([*lines, f"user {_OWNER} on >{password} ~* &* +@all\n"]))
        pid = _start(world, directory, "redis-server", str(directory / "redis.conf"))
        processes.wait_until(lambda: _pongs(port, password), pid, _READY_SECONDS)
        return Started({self.name: (pid, "redis-server")}, ports={self.name: port})

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """Empty, with the settings that it started with."""
        with redis_client(world) as client:
            for name, value in _REDIS.items():
                if name != "bind":
                    client.config_set(name, value)
            client.config_set("requirepass", (world.directory / self.name / "password").read_text())
            client.flushall()
            client.config_resetstat()


POSTGRES = Postgres()
REDIS = Redis()


def sql(world: World, *statements: str, database: str = "postgres") -> None:
    """Carry out statements as the server's owner, each for itself. CREATE DATABASE and CREATE ROLE too."""
    with _owner(world, database) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def postgres_url(world: World, database: str, user: str, password: str, sslmode: str = "require") -> str:
    """The address by which a release reaches a database."""
    return f"postgresql://{user}:{password}@127.0.0.1:{world.state()['ports']['postgres']}/{database}?sslmode={sslmode}"


def take_plain(world: World, *, plain: bool) -> None:
    """Say whether PostgreSQL takes connections that are not encrypted too."""
    (world.directory / "postgres" / "settings.json").write_text(json.dumps({"plain": plain}))


def pool(world: World, database: str, mode: str = "transaction", size: int = 20, waiting: int = 0) -> None:
    """Give PgBouncer a pool for the database; the console is reached as the database ``pgbouncer``."""
    path = world.directory / "postgres" / "pooler.json"
    known = json.loads(path.read_text())
    others = {
        name: [each for each in known[name] if database not in (each.get("name"), each.get("database"))] for name in known
    }
    others["databases"].append({"name": database, "pool_mode": mode, "pool_size": size})
    others["pools"].append({"database": database, "cl_waiting": waiting})
    path.write_text(json.dumps(others))


def redis_url(world: World) -> str:
    """The address by which a release reaches Redis."""
    password = (world.directory / "redis" / "password").read_text()
    return f"redis://:{password}@127.0.0.1:{world.state()['ports']['redis']}/0"


@contextmanager
def redis_client(world: World) -> Iterator[redis.Redis]:
    """A client that may do everything, whatever became of the password that a release uses."""
    import redis

    password = (world.directory / "redis" / "password").read_text()
    port = world.state()["ports"]["redis"]
    with redis.Redis(host="127.0.0.1", port=port, username=_OWNER, password=password, decode_responses=True) as client:
        yield client


@contextmanager
def _owner(world: World, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
    with _connected(world.state()["ports"]["postgres-own"], world.directory / "postgres", database) as connection:
        yield connection


def _connected(port: int, directory: Path, database: str) -> psycopg.Connection[Any]:
    import psycopg

    password = (directory / "password").read_text()
    return psycopg.connect(host="127.0.0.1", port=port, user=_OWNER, password=password, dbname=database, autocommit=True)


def _answers(port: int, directory: Path) -> bool:
    import psycopg

    try:
        with _connected(port, directory, "postgres"):
            return True
    except psycopg.OperationalError:
        return False


def _pongs(port: int, password: str) -> bool:
    import redis

    try:
        with redis.Redis(host="127.0.0.1", port=port, password=password) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _configure(directory: Path) -> None:
    (directory / "settings.json").write_text("{}")
    (directory / "pooler.json").write_text(json.dumps(POOLER))


def _make_password(directory: Path) -> str:
    password = secrets.token_urlsafe(24)
    path = directory / "password"
    path.touch(mode=0o600)
    path.write_text(password)
    return password


def _make_cluster(world: World, directory: Path, data: Path) -> None:
    owner = ["-U", _OWNER, "-A", "scram-sha-256", "--pwfile", str(directory / "password")]
    command = _command(world, directory, "initdb", "-D", str(data), *owner, "--no-locale", "-E", "UTF8", "--no-sync")
    made = subprocess.run(
        command, check=False, env=_environ(), cwd=directory, capture_output=True, text=True, timeout=_READY_SECONDS
    )
    (directory / "initdb.log").write_text(made.stdout + made.stderr)
    if made.returncode:
        told = (made.stderr or made.stdout).strip().splitlines()[-1:]
        raise OSError(": ".join([f"initdb ended with {made.returncode}", *told]))


def _command(world: World, directory: Path, program: str, *arguments: str) -> list[str]:
    return [str(world.sandbox_python.absolute()), str(_PROGRAMS), program, str(directory), *arguments]


def _start(world: World, directory: Path, program: str, *arguments: str) -> int:
    command = _command(world, directory, program, *arguments)
    return processes.start(command, _environ(), directory, directory / f"{program}.log")


def _environ(**more: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **more}
