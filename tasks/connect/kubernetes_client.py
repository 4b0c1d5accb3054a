"""The way to a Kubernetes API server: its address, its credentials, one request. The only importer of its client."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from tasks.connect.kubernetes_errors import parsed, translated
from tasks.core.errors import EvidenceError, ReadOnly

_TIMEOUT_SECONDS = (5.0, 30.0)  # to connect, to answer
# A GET on one of these opens a way into a container.
_NO_READS = {"exec", "attach", "portforward", "proxy"}


class Connections:
    """One client for reading and one for writing a kubeconfig, shared by all threads: making one may run a program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, bool], Any] = {}

    def client(self, kubeconfig: str, *, writes: bool) -> Any:
        """The API client, made at first use."""
        with self._lock:
            if (kubeconfig, writes) not in self._clients:
                self._clients[kubeconfig, writes] = translated("its address", lambda: _client(kubeconfig, writes=writes))
            return self._clients[kubeconfig, writes]


connections = Connections()
"""The process's connections to clusters."""


def address(resource: str, namespace: str = "", name: str = "") -> str:
    """The path of a resource, of one namespace's part of it, or of one object."""
    group, _, plural = resource.rpartition("/")
    if not group or not plural:
        raise EvidenceError(f"'{resource}' names no resource; write it as v1/pods or apps/v1/deployments.")
    root = f"/apis/{group}" if "/" in group else f"/api/{group}"
    scope = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    return f"{root}{scope}/{plural}" + (f"/{quote(name, safe='')}" if name else "")


def asked(
    client: Any,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    *,
    accept: str = "application/json",
    content_type: str = "application/json",
    what: str = "",
) -> dict[str, Any]:
    """The server's answer, secrets and all. Raises our errors only."""
    headers = {"Accept": accept} | ({"Content-Type": content_type} if body is not None else {})
    told = what or f"{method} {path}"
    return parsed(told, 200, request(client, method, path, query, body, what=told, headers=headers))


def request(
    client: Any,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    *,
    what: str,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of the server's answer, when it is no refusal."""

    def ask() -> tuple[int, bytes]:
        prepared = client.param_serialize(
            method,
            path,
            query_params=list((query or {}).items()),
            header_params=dict(headers or {}),
            body=body,
            auth_settings=["BearerToken"],
        )
        response = client.call_api(*prepared, _request_timeout=_TIMEOUT_SECONDS)
        return int(response.status), response.read() or b""

    status, content = translated(what, ask)
    if status >= 400:
        parsed(what, status, content)
    return content


def _client(kubeconfig: str, *, writes: bool) -> Any:
    from kubernetes import config
    from kubernetes.client import ApiClient, Configuration
    from urllib3 import Retry

    # Only reads are tried again: of a write that got no answer nobody knows whether it happened.
    patience = Retry(
        total=3, status_forcelist=(429, 502, 503, 504), allowed_methods={"GET"}, backoff_factor=0.2, raise_on_status=False
    )
    configuration = Configuration(retries=patience)
    file = kubeconfig_file(kubeconfig)
    load: Any = config.load_kube_config if file else config.load_incluster_config  # which have no types
    load(client_configuration=configuration, **({"config_file": file, "persist_config": False} if file else {}))
    client = ApiClient(configuration)
    if not writes:
        client.rest_client = _read_only(client.rest_client)
    return client


def _read_only(rest: Any) -> Any:
    """The client's HTTP layer, which refuses all but plain GET."""
    send = rest.request

    def guarded_request(method: str, url: str, *rest_of: Any, **options: Any) -> Any:
        if method.upper() != "GET" or _NO_READS & set(urlsplit(url).path.split("/")):
            raise ReadOnly(f"A check may not send {method} {urlsplit(url).path}: only reads pass this door.")
        return send(method, url, *rest_of, **options)

    rest.request = guarded_request
    return rest


def kubeconfig_file(kubeconfig: str) -> str:
    """The kubeconfig to read, as kubectl finds it; empty for the account of the pod that this runs in."""
    usual = Path("~/.kube/config").expanduser()
    return kubeconfig or (str(usual) if usual.is_file() else "")
