"""The git repository of the system: what is released is what was committed, tagged and merged."""

from __future__ import annotations

from tasks.connect.git import Git
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_MOST_QUOTED = 20


@check(remedy="git tag -a <tag> -m <message> && git push origin <tag>")
def tag_exists(git: Git, *, tag: str, directory: str = "", at_head: bool = False) -> Verdict:
    """The tag exists.

    What bears no tag cannot be found again when it must be rolled back to.
    ``directory`` is the checkout's folder; ``at_head`` asks that the tag stands on what is checked out. Asks git.

    Example:
        check: git.tag_exists
        with: {tag: v1.4.0, directory: content-generator}

    """
    found = git.lines(directory, "for-each-ref", "--format=%(objectname) %(*objectname)", f"refs/tags/{tag}")
    if not found:
        return failed(f"There is no tag {tag} in {directory or 'the workspace'}.")
    commit = found[0].split()[-1]
    if not at_head:
        return passed(f"Tag {tag} stands on {commit[:12]}.", {"commit": commit})
    head = git.lines(directory, "rev-parse", "HEAD")[0]
    verdict = passed if head == commit else failed
    return verdict(f"Tag {tag} stands on {commit[:12]}, and {head[:12]} is checked out.")


@check(remedy="git status")
def clean(git: Git, *, directory: str = "") -> Verdict:
    """Everything in the checkout is committed.

    What is released from uncommitted files can never be built again.
    ``directory`` is the checkout's folder. Asks git; files that git ignores do not count.

    Example:
        check: git.clean
        with: {directory: content-generator}

    """
    changed = git.lines(directory, "status", "--porcelain", "--", ".")
    head = git.lines(directory, "rev-parse", "HEAD")[0]
    if changed:
        return failed(f"{len(changed)} files in {directory or 'the workspace'} are not committed: {listed(changed)}.")
    return passed(f"Everything in {directory or 'the workspace'} is committed, at {head[:12]}.", {"commit": head})


@check(remedy="git merge <branch>")
def merged(git: Git, *, branch: str, into: str = "main", directory: str = "") -> Verdict:
    """The branch, tag or commit is part of the other branch.

    A fix that was released and never merged is gone with the next release.
    ``branch`` and ``into`` are branches, tags or commits that the checkout knows. Asks git.

    Example:
        check: git.merged
        with: {branch: v1.4.0, into: main, directory: content-generator}

    """
    if git.agrees(directory, "merge-base", "--is-ancestor", branch, into):
        return passed(f"{branch} is part of {into}.")
    return failed(f"{branch} is not part of {into}.")


@check(remedy="git diff --stat <since>..<until> -- <paths>")
def changes_listed(
    git: Git, *, since: str, until: str = "HEAD", paths: list[str] | None = None, directory: str = ""
) -> Verdict:
    """What changed between two versions is told, file by file, for a person to review.

    ``since`` and ``until`` are tags or commits; ``paths`` narrows it to files and folders of the checkout, such as those of the
    configuration. Asks git; passes whatever changed, and is UNKNOWN when a version is not there.

    Example:
        check: git.changes_listed
        with: {since: v1.3.0, until: v1.4.0, paths: [config], directory: content-generator}

    """
    lines = git.lines(directory, "diff", "--stat=100", f"{since}..{until}", "--", *(paths or ["."]))
    if not lines:
        return passed(f"Nothing changed between {since} and {until}.")
    shown = "; ".join(" ".join(line.split()) for line in lines[:-1][:_MOST_QUOTED])
    return passed(f"Between {since} and {until}: {lines[-1].strip()}: {shown}.")
