"""Parameters in SSM's Parameter Store: created where they are missing."""

from __future__ import annotations

from tasks.actions.aws.initialising import Script, Vault, fill, secret
from tasks.connect.aws import AwsWriter
from tasks.connect.commands import CommandRunner
from tasks.core.errors import Absent
from tasks.core.registry import Done, action


def _holds(aws: AwsWriter, name: str) -> bool:
    try:
        aws.ssm.get_parameter(Name=name)  # without decryption: the value is nobody's business here
    except Absent:
        return False
    return True


def _create(aws: AwsWriter, name: str, value: str, key: str) -> None:
    sealed = {"KeyId": key} if key else {}
    aws.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=False, **sealed)


def _delete(aws: AwsWriter, name: str) -> None:
    aws.ssm.delete_parameter(Name=name)


_VAULT = Vault("parameter", _holds, _delete)


@action(
    remedy="aws ssm get-parameters --names <name>",
    before=_VAULT.before,
    settled=_VAULT.settled,
    undo=_VAULT.undo,
    permissions=("ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"),
)
def initialise(
    aws: AwsWriter,
    runner: CommandRunner,
    *,
    names: list[str],
    length: int = 48,
    key: str = "",
    command: list[str] | None = None,
    directory: str = "",
    environment: dict[str, str] | None = None,
    timeout_seconds: float = 600,
) -> Done:
    """See to it that every parameter exists, as a SecureString.

    What is there is kept as it is. What is missing gets a generated value of ``length`` characters that is shown nowhere;
    or ``command``, the team's own script, creates it: a list of words, run without a shell in ``directory`` of the system's
    checkout with ``environment`` on top of the release's own. ``key`` is the KMS key to seal with, unless AWS's own will do.
    Undone by deleting what was not there before. Values that others issue, such as keys of their APIs, cannot be generated:
    have a person put them there.

    Example:
        action: aws.ssm.initialise
        with: {names: [/kalendlytic/prod/JWT_SECRET], length: 48}

    """
    script = Script(command, directory, environment, timeout_seconds)
    return fill(_VAULT, aws, runner, names, script=script, create=lambda name: _create(aws, name, secret(length), key))
