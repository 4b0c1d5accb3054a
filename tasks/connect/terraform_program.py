"""Runs Terraform: python-terraform makes the command lines, this module the environment, the limits and the errors.

python-terraform's own runner has no time limit, hands on the whole environment and logs what Terraform prints unredacted.
What a read command gets to see of the environment depends on what it must reach:

- nothing but the local folder (version, validate, format): no credentials at all;
- the backend (state, outputs): what begins with AWS_, ARM_, GOOGLE_, TF_HTTP_ or TF_TOKEN_;
- the providers too (plan): TF_VAR_ besides. A plan runs the code of providers and of `external` data sources, so give it
  credentials that can only read: GATES_TERRAFORM_READ_AWS_PROFILE=auditor becomes AWS_PROFILE=auditor for reads, and then no
  other AWS credential reaches them. A provider with variables of another kind gets them in that way only.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tasks.connect import settings as surroundings
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Throttled, Unreachable
from tasks.core.redaction import HIDDEN, redact

Reach = Literal["folder", "backend", "providers", "everything"]

_PLAIN = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "NO_PROXY")
_SETTINGS = ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "TF_REATTACH_PROVIDERS")
_BACKENDS = ("AWS_", "ARM_", "GOOGLE_", "TF_HTTP_", "TF_TOKEN_")
_READ_ONLY = "GATES_TERRAFORM_READ_"
_AWS_IDENTITY = re.compile(r"^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|ROLE_\w+|WEB_IDENTITY_TOKEN_FILE)$")
_NO_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
# Each could make a command do something else than its words say, such as -refresh=false or -target, or print secrets.
_WITHHELD = re.compile(r"^TF_(CLI_ARGS\w*|WORKSPACE|DATA_DIR|LOG\w*|INPUT|APPEND_USER_AGENT)$")
_ALWAYS = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
# Terraform that is interrupted finishes the step at hand, writes its state and gives its lock back.
_LADDER = ((signal.SIGINT, 60.0), (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Ended:
    """How a Terraform command ended."""

    exit_status: int
    output: str
    errors: str


@dataclass(frozen=True)
class Lock:
    """Who holds the lock of a state, as Terraform tells it."""

    id: str
    who: str
    operation: str
    created: str

    def __str__(self) -> str:
        return f"lock {self.id} of {self.who}, {self.operation} since {self.created}"


class Locked(EvidenceError):
    """The state's lock is held by somebody."""

    def __init__(self, lock: Lock) -> None:
        super().__init__(f"The state is locked ({lock}); wait for its holder, or find out whether the holder still runs.")
        self.lock = lock


def words(command: str, *arguments: str, **options: Any) -> list[str]:
    """The command line. True is a flag without a value, False is written ``=false``, a list repeats its option."""
    from python_terraform import IsFlagged, Terraform

    given = {name: IsFlagged if value is True else value for name, value in options.items()}
    maker = Terraform(working_dir=os.devnull)  # it would read the state in the folder that it is given
    line: list[str] = maker.generate_cmd_string(command, *arguments, no_color=IsFlagged, **given)
    return line


def environment(reach: Reach, **more: str) -> dict[str, str]:
    """The variables for a command that must reach so far."""
    whole = {name: value for name, value in surroundings.whole_environment().items() if not _WITHHELD.match(name)}
    for name, value in whole.items():
        if name.startswith("TF_VAR_") and redact({name: value})[name] == HIDDEN:
            redact.learn(value)
    if reach == "everything":
        return whole | _ALWAYS | more
    kept = {name: whole[name] for name in (*_PLAIN, *_SETTINGS) if name in whole}
    if reach == "folder":
        return kept | _NO_CREDENTIALS | _ALWAYS | more
    prefixes = (*_BACKENDS, "TF_VAR_") if reach == "providers" else _BACKENDS
    reads = {name.removeprefix(_READ_ONLY): value for name, value in whole.items() if name.startswith(_READ_ONLY)}
    own_identity = not any(_AWS_IDENTITY.match(name) for name in reads)
    reaching = {
        name: value
        for name, value in whole.items()
        if name.startswith(prefixes) and (own_identity or not _AWS_IDENTITY.match(name))
    }
    return kept | reaching | reads | _ALWAYS | more


def run(line: list[str], directory: Path, variables: Mapping[str, str], timeout_seconds: float) -> Ended:
    """Run Terraform in ``directory``. Raises ``Absent`` without the program, ``Unreachable`` when time was up."""
    process = started(line, directory, variables, subprocess.PIPE, subprocess.PIPE)
    try:
        output, errors = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"`{shown(line)}` had not ended after {timeout_seconds:g} s and was stopped.") from error
    finally:
        stop(process)
    return Ended(process.returncode, output, errors)


def started(line: list[str], directory: Path, variables: Mapping[str, str], output: Any, errors: Any) -> subprocess.Popen[str]:
    """Terraform's process, leader of a group of its own. Raises ``Absent`` or ``EvidenceError`` when it cannot be run."""
    try:
        return subprocess.Popen(
            line,
            cwd=directory,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise Absent("`terraform` is not on the PATH; install it.") from error
    except (OSError, ValueError) as error:
        raise EvidenceError(f"`{shown(line)}` cannot be run: {error}.") from error


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that still runs, gently first, so that no lock is left behind."""
    for sign, patience in _LADDER:
        if process.poll() is not None:
            return
        os.killpg(process.pid, sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def well(ended: Ended, what: str, *, good: tuple[int, ...] = (0,)) -> Ended:
    """``ended``, when it ended well. Raises what the errors mean otherwise."""
    if ended.exit_status not in good:
        raise meaning(ended.errors or ended.output, what)
    return ended


def meaning(text: str, what: str) -> GatesError:
    """The error that Terraform's words stand for; ``what`` was tried."""
    lock = lock_in(text)
    if lock is not None:
        return Locked(lock)
    told = f"{what}: {headline(text)}"
    for kind, sign in _MEANINGS:
        if sign.search(text):
            return kind(told)
    return uninitialised(text, what) or EvidenceError(told)


def uninitialised(text: str, what: str) -> EvidenceError | None:
    """The error for a folder that is not initialised; None when ``text`` says nothing of the kind."""
    if not _NOT_INITIALISED.search(text):
        return None
    return EvidenceError(f"{what}: the folder is not initialised as its configuration wants; run terraform init there.")


def headline(text: str) -> str:
    """The first error's title and first sentence, in one line."""
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", _BOX.sub("", text))]
    for place, paragraph in enumerate(paragraphs):
        if "Error: " in paragraph:
            title = paragraph.partition("Error: ")[2]
            details = [each for each in paragraphs[place + 1 :] if each and not each.startswith(("on ", "with "))]
            sentence = f"{title}: {details[0]}" if details and len(title) < _SHORT else title
            return str(redact(sentence[:_LONGEST]))
    return str(redact(" ".join(text.split())[:_LONGEST])) or "it said nothing"


def lock_in(text: str) -> Lock | None:
    """The lock that an error tells of; None when it tells of none."""
    if "state lock" not in text and "Lock Info:" not in text:
        return None
    found = dict(_LOCK_LINE.findall(_BOX.sub("", text)))
    if "ID" not in found:
        return None
    return Lock(*(" ".join(found.get(name, "unknown").split()) for name in ("ID", "Who", "Operation", "Created")))


def shown(line: list[str]) -> str:
    """The command as a sentence carries it: without the values of variables."""
    return " ".join(["terraform", *(each for each in line[1:] if not each.startswith(("-var", "-no-color", "-input")))])


_SHORT = 80
_LONGEST = 300
_BOX = re.compile(r"^[╷│╵]\s?", re.MULTILINE)
_LOCK_LINE = re.compile(r"^ *(ID|Who|Operation|Created): +(.*?) *$", re.MULTILINE)
_NOT_INITIALISED = re.compile(
    r"initialization required|Module not installed|Required plugins are not installed|Missing required provider"
    r"|Inconsistent dependency lock|please run .terraform init|Backend configuration changed",
    re.IGNORECASE,
)
_MEANINGS: tuple[tuple[type[GatesError], re.Pattern[str]], ...] = (
    (
        Unreachable,
        re.compile(
            r"connection refused|no such host|i/o timeout|deadline exceeded|connection reset|context deadline|no route to"
        ),
    ),
    (Throttled, re.compile(r"Throttl|TooManyRequests|SlowDown|rate exceeded|StatusCode: 429", re.IGNORECASE)),
    (
        Denied,
        re.compile(
            r"AccessDenied|Access Denied|Forbidden|StatusCode: 40[13]|No valid credential|ExpiredToken|InvalidClientTokenId"
            r"|SignatureDoesNotMatch|UnrecognizedClient|not authorized|UnauthorizedOperation",
            re.IGNORECASE,
        ),
    ),
)
