"""Nothing secret leaves the process: logs, states, artifacts, evidence, notices and the record all pass here.

Three nets, one behind the other: values that a door has read as secrets are known by heart; names such as ``password``
hide whatever stands beside them; and shapes such as access keys, JSON web tokens and private keys are recognised anywhere.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

HIDDEN = "[hidden]"
_SHORTEST_SECRET = 4

_SECRET_NAME = re.compile(
    r"(passw(or)?d|passphrase|secret|token|credential|authorization|api[_-]?key|private[_-]?key|access[_-]?key|session[_-]?key"
    r"|signature|cookie|connection[_-]?string)",
    re.IGNORECASE,
)
# Names that hold the word but name a thing rather than hold its value.
_HARMLESS_NAME = re.compile(
    r"(arn|name|id|ids|count|enabled|url|uri|type|status|version|days|expires\w*|next_?token)$", re.IGNORECASE
)
_SECRET_SHAPES = re.compile(
    r"""(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}            # AWS access key id
      | eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*                  # JSON web token
      | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
      | xox[abprs]-[\w-]{8,}                             # Slack token
      | gh[pousr]_\w{20,}                                # GitHub token
      | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                  # user:password in a URL, or :password alone
      | (?<=[?&]token=)[^&\s"']+                         # token in a query string
      | (?<=[?&]X-Amz-Signature=)[0-9a-fA-F]+            # the proof in a signed address, of today and of before
      | (?<=[?&]X-Amz-Security-Token=)[^&\s"']+
      | (?<=[?&]Signature=)[^&\s"']+
      | (?<=Bearer\ )[\w.~+/-]+=*""",
    re.VERBOSE | re.DOTALL,
)


class Unshown(str):
    """A text that checks may judge and evidence never shows, such as the value of an environment variable."""

    __slots__ = ()


class Redactor:
    """Hides secrets in any JSON-like value. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def learn(self, secret: str) -> None:
        """Hide this very value from now on, wherever it turns up."""
        if len(secret) >= _SHORTEST_SECRET:
            with self._lock:
                self._known.add(secret)

    def __call__(self, value: Any) -> Any:
        """``value`` with every secret replaced; its shape is kept."""
        if isinstance(value, str):
            return HIDDEN if isinstance(value, Unshown) and value else self._text(value)
        if isinstance(value, Mapping):
            return {str(name): self._named(str(name), each) for name, each in value.items()}
        if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
            return [self(each) for each in value]
        return HIDDEN if isinstance(value, (bytes, bytearray)) else value

    def known(self, value: Any) -> Any:
        """``value`` with only the learnt secrets hidden: for what must come back as it was, such as a plan."""
        if isinstance(value, str):
            return self._without_known(value)
        if isinstance(value, Mapping):
            return {str(name): self.known(each) for name, each in value.items()}
        return [self.known(each) for each in value] if isinstance(value, (list, tuple)) else value

    def _named(self, name: str, value: Any) -> Any:
        secret = _SECRET_NAME.search(name) and not _HARMLESS_NAME.search(name)
        if secret and isinstance(value, (list, tuple)):
            return [self._named(name, each) for each in value]
        return HIDDEN if secret and isinstance(value, (str, bytes)) and value else self(value)

    def _text(self, text: str) -> str:
        return _SECRET_SHAPES.sub(HIDDEN, self._without_known(text))

    def _without_known(self, text: str) -> str:
        with self._lock:
            known = sorted((each for each in self._known if each in text), key=len, reverse=True)
        for secret in known:
            text = text.replace(secret, HIDDEN)
        return text


redact = Redactor()
"""The process's one redactor: a secret read by one door must be hidden in what every other part says."""
