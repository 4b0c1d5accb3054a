"""Read door to secrets by reference: a checklist names where a secret is kept, and never holds it.

env:NAME                             a variable of the process that carries the release out
file:shop/.env.production#NAME       a value of a settings file (dotenv, JSON, YAML) below the workspaces
aws-secret:shop/prod#key             a secret of Secrets Manager; without #key the whole of it
aws-parameter:/shop/prod/dsn         a parameter of SSM
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tasks.connect.aws import Aws
from tasks.connect.files import Files
from tasks.connect.settings import environment
from tasks.core.answers import parsed
from tasks.core.errors import Absent, EvidenceError
from tasks.core.redaction import Unshown, redact
from tasks.core.sample import Sample, Trail
from tasks.core.settings_files import at

if TYPE_CHECKING:
    from tasks.connect.session import Session

KINDS = ("env", "file", "aws-secret", "aws-parameter")
PERMISSIONS = {"aws-secret": "secretsmanager:GetSecretValue", "aws-parameter": "ssm:GetParameter"}
"""What following a reference of such a kind needs; one to a secret sealed with a key of one's own needs kms:Decrypt too."""


class Secrets:
    """Resolves references. What it answers is learnt by the redactor, and evidence tells of it only that it was read."""

    def __init__(self, session: Session, trail: Trail) -> None:
        self._session = session
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Secrets:
        """The door to the places that the session knows."""
        return cls(session, trail)

    def value(self, reference: str) -> Unshown:
        """The secret. Raises ``Absent`` when it is not there or empty, ``EvidenceError`` for what is no reference."""
        kind, _, rest = reference.partition(":")
        if kind not in KINDS or not rest:
            raise EvidenceError(
                "A secret is named by a reference (env:NAME, file:path#NAME, aws-secret:name#key, aws-parameter:/name), "
                "and this item gives something else; nothing of it is shown, for it may be the secret itself."
            )
        found: Unshown = self._trail.read("secrets", reference, lambda: self._resolved(reference, kind, rest))
        return found

    def length(self, reference: str) -> int:
        """How many characters the secret has."""
        return len(self.value(reference))

    def token(self, key: str, scheme: str = "Bearer") -> Unshown:
        """What a header carries: ``Bearer <key>``; under ``Basic`` user:password in base64; without a scheme the key alone."""
        value = str(self.value(key))
        if scheme == "Basic":
            value = base64.b64encode(value.encode()).decode()
            redact.learn(value)
        return Unshown(f"{scheme} {value}" if scheme else value)

    def _resolved(self, reference: str, kind: str, rest: str) -> Unshown:
        name, _, key = rest.partition("#")
        places: dict[str, Callable[[], Any]] = {
            "env": lambda: environment((rest,)).get(rest),
            "file": lambda: at(self._files.values(name), key),
            "aws-secret": lambda: self._aws_secret(name, key),
            "aws-parameter": lambda: self._aws.ssm.get_parameter(Name=rest, WithDecryption=True)["Parameter"]["Value"],
        }
        try:
            value = places[kind]()
        except Absent as error:
            raise Absent(f"{reference} is not there: {error}") from error
        except EvidenceError as error:
            raise type(error)(f"{reference} cannot be read: {error}") from error
        if value is None or not str(value).strip():
            raise Absent(f"{reference} is not set.")
        for secret in _inside(str(value)):
            redact.learn(secret)
        return Unshown(value)

    def _aws_secret(self, name: str, key: str) -> Any:
        text = self._aws.secretsmanager.get_secret_value(SecretId=name)["SecretString"]
        return at(parsed(text, f"Secret {name}"), key) if key else text

    # What these doors read on the way is no evidence: a settings file holds more than the one value.
    @property
    def _files(self) -> Files:
        return Files.open(self._session, Trail(Sample()))

    @property
    def _aws(self) -> Aws:
        return Aws.open(self._session, Trail(Sample()))


def _inside(value: str) -> list[str]:
    """The secret, and where it is an address the password in it, which error messages may tell alone."""
    try:
        password = urlsplit(value).password if "://" in value else None
    except ValueError:
        return [value]
    return [value, password, unquote(password)] if password else [value]
