"""Container images: how they are built, and that they are where they are fetched from."""

from __future__ import annotations

from typing import Literal

from tasks.connect.api import Api
from tasks.connect.files import Files
from tasks.core.dockerfile import stages
from tasks.core.judges import at_least
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_MANIFESTS = ", ".join(
    f"application/vnd.{kind}"
    for kind in (
        "oci.image.index.v1+json",
        "oci.image.manifest.v1+json",
        "docker.distribution.manifest.list.v2+json",
        "docker.distribution.manifest.v2+json",
    )
)


@check(remedy="Build in one stage, copy the result into a second one, and end with USER <somebody>.")
def multi_stage(files: Files, *, path: str, minimum_stages: int = 2, root_allowed: bool = False) -> Verdict:
    """The image is built in stages, takes over only what the earlier ones built, and does not run as root.

    Compilers and sources that stay in the image make it large and help whoever breaks in.
    ``path`` is a Dockerfile relative to the workspace; the last stage must copy from an earlier one; ``root_allowed`` does
    without the user. Reads the file.

    Example:
        check: image.multi_stage
        with: {path: toombos/Dockerfile.prod}

    """
    found = stages(files.text(path))
    last = found[-1]
    copies = passed if last.copies_from or len(found) == 1 else failed
    verdicts = [
        at_least(f"Number of stages of {path}", len(found), minimum_stages),
        copies(f"The last stage of {path}, from {last.image}, copies from {last.copies_from or 'no earlier stage'}."),
    ]
    as_root = last.user.partition(":")[0] in ("", "root", "0")
    user = (failed if as_root else passed)(f"The image of {path} runs as {last.user or 'root'}.")
    return worst(verdicts if root_allowed else [*verdicts, user])


@check(remedy="docker push <registry>/<repository>:<tag>")
def in_registry(
    api: Api, *, registry: str, repository: str, tag: str, key: str = "", scheme: Literal["Basic", "Bearer"] = "Basic"
) -> Verdict:
    """The image of this version is in the registry.

    ``registry`` is its address, such as https://registry.example.com; ``key`` is a reference to user:password for Basic or to a
    token for Bearer. Reads the tag's manifest by the registry's API, version 2. Images in ECR are aws.ecr's.

    Example:
        check: image.in_registry
        with: {registry: "https://registry.example.com", repository: halcytone/api, tag: 1.4.0, key: "env:REGISTRY_LOGIN"}

    """
    ask = api.at(registry, key, scheme, headers={"Accept": _MANIFESTS})
    answer = ask.response(f"/v2/{repository}/manifests/{tag}")
    if answer.status == 404:
        return failed(f"There is no {repository}:{tag} in {registry}.")
    digest = answer.headers.get("docker-content-digest", "")
    if answer.status != 200 or not digest:
        return unknown(f"{registry} answers {answer.status} for {repository}:{tag}, and tells no digest.")
    return passed(f"{repository}:{tag} is in {registry}, as {digest}.", {"digest": digest})
