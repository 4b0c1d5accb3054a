"""Container images: how they are built."""

from __future__ import annotations

from tasks.connect.files import Files
from tasks.core.dockerfile import stages
from tasks.core.judges import at_least
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst


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
