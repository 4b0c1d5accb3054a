"""``kubectl`` for machines without one: the words that the teams' scripts use, against the cluster that KUBECONFIG names.

Runs in the sandbox's environment. It applies on the server's side, and knows neither exec nor the other things that the
stand-in cluster does not serve.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .kubectl_api import Api, KubectlError, Object, Resource, serving, told

VERSION = "v1.32.0"
_REVISION = "deployment.kubernetes.io/revision"
_APPLY = "application/apply-patch+yaml"
_STRATEGIC = "application/strategic-merge-patch+json"


def apply(api: Api, given: argparse.Namespace) -> None:
    """Apply every document of the files."""
    for thing in _documents(given.filename):
        resource = serving(api, thing)
        name, namespace = thing["metadata"]["name"], thing["metadata"].get("namespace", "")
        path = api.path(resource, name, namespace)
        api.ask("PATCH", f"{path}?fieldManager=kubectl&force=true", thing, _APPLY)
        _say(f"{told(resource, name)} serverside-applied")


def _documents(place: str) -> Iterator[Object]:
    if place == "-":
        texts = [sys.stdin.read()]
    else:
        path = Path(place)
        files = sorted(path.glob("*.y*ml")) if path.is_dir() else [path]
        if not files or not all(each.is_file() for each in files):
            raise KubectlError(f'error: the path "{place}" does not exist')
        texts = [each.read_text() for each in files]
    for text in texts:
        yield from filter(None, yaml.safe_load_all(text))


def get(api: Api, given: argparse.Namespace) -> None:
    """Print one object, or all of a kind."""
    kind, _, name = given.kind.partition("/")
    resource, name = api.resource(kind), name or given.name or ""
    query = f"?labelSelector={urllib.parse.quote(given.selector)}" if given.selector else ""
    found = api.ask("GET", f"{api.path(resource, name)}{query}")
    if given.output == "json":
        _say(json.dumps(found, indent=2))
    elif given.output.startswith("jsonpath="):
        _say(" ".join(map(str, _picked(found, given.output.removeprefix("jsonpath=")))))
    else:
        _say("\n".join(told(resource, each["metadata"]["name"]) for each in ([found] if name else found["items"])))


def _picked(thing: Any, path: str) -> list[Any]:
    """The values at a path such as ``{.items[*].metadata.name}``."""
    found = [thing]
    for name, index in re.findall(r"\.([\w-]+)|\[(\*|\d+)\]", path):
        if name:
            found = [each[name] for each in found if isinstance(each, dict) and name in each]
        elif index == "*":
            found = [one for each in found for one in each]
        else:
            found = [each[int(index)] for each in found if len(each) > int(index)]
    return found


def rollout(api: Api, given: argparse.Namespace) -> None:
    """Wait for a rollout, go back to the revision before, or start the pods anew."""
    resource, name = _workload(api, given.target)
    path = api.path(resource, name)
    if given.deed == "status":
        _wait_for_rollout(api, path, name, _seconds(given.timeout))
    elif given.deed == "restart":
        moment = {"kubectl.kubernetes.io/restartedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        api.ask("PATCH", path, {"spec": {"template": {"metadata": {"annotations": moment}}}}, _STRATEGIC)
        _say(f"{told(resource, name)} restarted")
    else:
        thing = api.ask("GET", path)
        thing["spec"]["template"] = _template_before(api, thing)
        api.ask("PUT", path, thing)
        _say(f"{told(resource, name)} rolled back")


def _template_before(api: Api, deployment: Object) -> Object:
    """The pods' template of the revision before the one that runs."""
    sets = api.ask("GET", api.path(api.resource("replicasets")))["items"]
    own = [each for each in sets if deployment["metadata"]["uid"] in _owners(each)]
    revisions = sorted(own, key=lambda each: int(each["metadata"]["annotations"][_REVISION]))
    if len(revisions) < 2:
        raise KubectlError(f'error: no rollout history found for deployment "{deployment["metadata"]["name"]}"')
    template: Object = revisions[-2]["spec"]["template"]
    template["metadata"].get("labels", {}).pop("pod-template-hash", None)
    return template


def _owners(thing: Object) -> list[str]:
    return [each["uid"] for each in thing["metadata"].get("ownerReferences", [])]


def _wait_for_rollout(api: Api, path: str, name: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        thing = api.ask("GET", path)
        wanted, status = thing["spec"]["replicas"], thing.get("status", {})
        counts = [status.get(each, 0) for each in ("updatedReplicas", "replicas", "availableReplicas")]
        if status.get("observedGeneration", 0) >= thing["metadata"]["generation"] and counts == [wanted] * 3:
            _say(f'deployment "{name}" successfully rolled out')
            return
        late = [each for each in status.get("conditions", []) if each.get("reason") == "ProgressDeadlineExceeded"]
        if late:
            raise KubectlError(f'error: deployment "{name}" exceeded its progress deadline')
        if time.monotonic() > until:
            raise KubectlError("error: timed out waiting for the condition")
        time.sleep(0.2)


def set_image(api: Api, given: argparse.Namespace) -> None:
    """Give containers of a deployment other images."""
    resource, name = _workload(api, given.target)
    containers = [dict(zip(("name", "image"), each.split("=", 1), strict=True)) for each in given.images]
    api.ask("PATCH", api.path(resource, name), {"spec": {"template": {"spec": {"containers": containers}}}}, _STRATEGIC)
    _say(f"{told(resource, name)} image updated")


def scale(api: Api, given: argparse.Namespace) -> None:
    """Want so many pods."""
    resource, name = _workload(api, given.target)
    api.ask("PATCH", api.path(resource, name), {"spec": {"replicas": given.replicas}}, _STRATEGIC)
    _say(f"{told(resource, name)} scaled")


def delete(api: Api, given: argparse.Namespace) -> None:
    """Delete one object."""
    kind, _, name = given.kind.partition("/")
    resource, name = api.resource(kind), name or given.name
    try:
        api.ask("DELETE", api.path(resource, name))
    except KubectlError as error:
        if not (given.ignore_not_found and "NotFound" in str(error)):
            raise
    else:
        _say(f"{told(resource, name)} deleted")


def _workload(api: Api, text: str) -> tuple[Resource, str]:
    kind, _, name = text.partition("/")
    return api.resource(kind), name


def _seconds(text: str) -> float:
    return float(text.rstrip("smh")) * {"m": 60, "h": 3600}.get(text[-1], 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("kubectl", add_help=False)
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument("-n", "--namespace", default="")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("version").add_argument("--client", action="store_true")
    verbs.add_parser("config").add_argument("deed", choices=["current-context"])
    applying = verbs.add_parser("apply", parents=[everywhere])
    applying.add_argument("-f", "--filename", required=True)
    getting = verbs.add_parser("get", parents=[everywhere])
    getting.add_argument("kind")
    getting.add_argument("name", nargs="?")
    getting.add_argument("-o", "--output", default="name")
    getting.add_argument("-l", "--selector", default="")
    rolling = verbs.add_parser("rollout", parents=[everywhere])
    rolling.add_argument("deed", choices=["status", "undo", "restart"])
    rolling.add_argument("target")
    rolling.add_argument("--timeout", default="600s")
    setting = verbs.add_parser("set", parents=[everywhere])
    setting.add_argument("what", choices=["image"])
    setting.add_argument("target")
    setting.add_argument("images", nargs="+")
    scaling = verbs.add_parser("scale", parents=[everywhere])
    scaling.add_argument("target")
    scaling.add_argument("--replicas", type=int, required=True)
    deleting = verbs.add_parser("delete", parents=[everywhere])
    deleting.add_argument("kind")
    deleting.add_argument("name", nargs="?")
    deleting.add_argument("--ignore-not-found", action="store_true")
    return parser


_VERBS = {
    "apply": apply,
    "get": get,
    "rollout": rollout,
    "set": set_image,
    "scale": scale,
    "delete": delete,
}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(words: list[str]) -> int:
    """Do what the words say; the exit status."""
    given = _parser().parse_args(words)
    if given.verb == "version":
        _say(f"Client Version: {VERSION}\nKustomize Version: v5.5.0")
        return 0
    try:
        api = Api(getattr(given, "namespace", ""))
        if given.verb == "config":
            _say(api.context)
        else:
            _VERBS[given.verb](api, given)
    except KubectlError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
