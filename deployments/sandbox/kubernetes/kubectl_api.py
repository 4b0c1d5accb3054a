"""The cluster's API as the small kubectl asks it: the kubeconfig's way there, the resources it has, and refusals in words."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]
Resource = tuple[str, Object]
"""The path of a resource's group and version, and what the API says of the resource."""


class KubectlError(Exception):
    """What kubectl says on its standard error before it ends with 1."""


class Api:
    """The cluster of the current context; ``namespace`` is the one asked for, or the context's."""

    def __init__(self, namespace: str = "") -> None:
        path = os.environ.get("KUBECONFIG", "")
        if not path or not Path(path).is_file():
            raise KubectlError("error: KUBECONFIG names no file, so there is no cluster to talk to")
        config = yaml.safe_load(Path(path).read_text())
        self.context = str(config["current-context"])
        context = _named(config["contexts"], self.context)["context"]
        self._server = str(_named(config["clusters"], context["cluster"])["cluster"]["server"])
        self._token = str(_named(config["users"], context["user"])["user"].get("token", ""))
        self.namespace = namespace or str(context.get("namespace", "default"))
        self._known: list[Resource] | None = None

    def ask(self, method: str, path: str, content: Any = None, kind: str = "application/json") -> Any:
        """The answer as an object. KubectlError with what the server said when it refused."""
        body = None if content is None else json.dumps(content).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind, "Accept": "application/json"}
        request = urllib.request.Request(f"{self._server}{path}", body, headers, method=method)  # noqa: S310  the kubeconfig's
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = json.loads(error.read() or b"{}")
            raise KubectlError(f"Error from server ({said.get('reason', error.code)}): {said.get('message', error)}") from error
        except OSError as error:
            raise KubectlError(f"Unable to connect to the server: {error}") from error

    def resources(self) -> list[Resource]:
        """Every resource with the path of its group's version."""
        if self._known is None:
            paths = ["/api/v1"]
            groups = self.ask("GET", "/apis")["groups"]
            paths += [f"/apis/{version['groupVersion']}" for group in groups for version in group["versions"]]
            self._known = [(path, each) for path in paths for each in self.ask("GET", path)["resources"]]
        return self._known

    def resource(self, word: str) -> Resource:
        """The resource that a word of the command line means: ``deploy``, ``deployments.apps``, ``Deployment``."""
        name, _, group = word.lower().partition(".")
        for path, each in self.resources():
            words = {each["name"], each["kind"].lower(), each.get("singularName", ""), *each.get("shortNames", [])}
            if name in words and "/" not in each["name"] and (not group or f"/{group}/" in path):
                return path, each
        raise KubectlError(f'error: the server doesn\'t have a resource type "{word}"')

    def path(self, resource: Resource, name: str = "", namespace: str = "") -> str:
        """Where an object is, or all of its kind in the namespace."""
        base, described = resource
        where = f"/namespaces/{namespace or self.namespace}" if described["namespaced"] else ""
        return f"{base}{where}/{described['name']}{f'/{name}' if name else ''}"


def _named(entries: list[Object], name: str) -> Object:
    return next(each for each in entries if each["name"] == name)


def told(resource: Resource, name: str) -> str:
    """The object as kubectl names it: ``deployment.apps/web``."""
    base, described = resource
    group = base.split("/")[2] if base.startswith("/apis/") else ""
    return f"{described['singularName'] or described['kind'].lower()}{f'.{group}' if group else ''}/{name}"


def serving(api: Api, thing: Object) -> Resource:
    """The resource that a manifest is of."""
    kind, version = thing["kind"], str(thing["apiVersion"])
    for base, each in api.resources():
        if each["kind"] == kind and "/" not in each["name"] and base.endswith(f"/{version}"):
            return base, each
    raise KubectlError(f'error: no matches for kind "{kind}" in version "{version}"')
