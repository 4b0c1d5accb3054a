"""Secrets, named by where they are kept: set, strong, and nowhere else."""

from __future__ import annotations

from tasks.connect.files import Files
from tasks.connect.references import Secrets
from tasks.core.judges import every, none
from tasks.core.registry import check
from tasks.core.strength import weakness
from tasks.core.verdicts import Verdict, failed, passed, worst

_SHORTEST_SOUGHT = 8


@check(remedy="Put the secret where the reference points.")
def set(secrets: Secrets, *, references: list[str]) -> Verdict:  # noqa: A001  reads as the sentence: secret.set
    """Every secret is where the system will look for it, and is not empty.

    ``references`` are env:NAME, file:path#NAME, aws-secret:name#key or aws-parameter:/name. Reads each; shows how many
    characters it has and nothing else.

    Example:
        check: secret.set
        with: {references: ["aws-secret:shop/prod#jwt", "env:OPENAI_API_KEY"]}

    """
    return every("secret", references, lambda name: passed(f"{name} is set, with {secrets.length(name)} characters."))


@check(remedy="openssl rand -base64 48, kept where the reference points and nowhere else.")
def strong_enough(secrets: Secrets, *, references: list[str], length: int = 32) -> Verdict:
    """Every secret is long, no placeholder, varied, and different from the others.

    ``references`` are env:NAME, file:path#NAME, aws-secret:name#key or aws-parameter:/name; ``length`` is the smallest number
    of characters. Reads each and shows nothing of it.

    Example:
        check: secret.strong_enough
        with: {references: ["aws-secret:shop/prod#jwt"], length: 32}

    """
    first: dict[str, str] = {}

    def strong(name: str) -> Verdict:
        value = str(secrets.value(name))
        other = first.setdefault(value, name)
        fault = weakness(value, length) or (f"is the same as {other}" if other != name else "")
        return failed(f"{name} {fault}.") if fault else passed(f"{name} is strong enough.")

    return every("secret", references, strong)


@check(remedy="Take the secret out of the files, change it, for it is known now, and keep the new one where it belongs.")
def not_in_files(secrets: Secrets, files: Files, *, references: list[str], paths: list[str]) -> Verdict:
    """None of the secrets stands in any of the files.

    What was committed or logged once is known to everybody who could ever read it.
    ``references`` are the secrets to look for; ``paths`` are files and folders relative to the workspace, such as the checkout
    and its logs, without the files that the references name themselves. Reads every file there; shows names only.

    Example:
        check: secret.not_in_files
        with: {references: ["aws-secret:shop/prod#jwt"], paths: [shop]}

    """
    values = {name: str(secrets.value(name)) for name in references}
    short = [name for name, value in values.items() if len(value) < _SHORTEST_SOUGHT]
    if short:
        return failed(f"{short[0]} has fewer than {_SHORTEST_SOUGHT} characters, which is no secret and is found anywhere.")
    kept = {name.removeprefix("file:").partition("#")[0] for name in references if name.startswith("file:")}

    def clean(path: str) -> Verdict:
        found = files.holding(path, values)
        guilty = [f"{name} in {file}" for file, names in found.items() if file not in kept for name in names]
        return none(f"secrets in the files of {path}", guilty, len(found))

    return worst([every("place", paths, clean), every("secret", references, lambda name: passed(f"{name} was looked for."))])
