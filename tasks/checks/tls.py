"""Certificates that servers show."""

from __future__ import annotations

from typing import Literal

from tasks.connect.tls import Tls
from tasks.core.judges import at_least
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_DAY_SECONDS = 86_400


@check(remedy="openssl s_client -connect <host>:<port> -servername <host> </dev/null | openssl x509 -noout -dates")
def certificate_valid(tls: Tls, *, host: str, port: int = 443, days: int = 14, server_name: str = "") -> Verdict:
    """The server's certificate is trusted, made out to its name, and holds for some days yet.

    Clients hang up on a certificate that has run out, is made out to another name, or lacks a link to an authority.
    ``days`` is for how long it must hold from now; ``server_name`` is the name that clients ask for, unless it is ``host``.
    Shakes hands with the server.

    Example:
        check: tls.certificate_valid
        with: {host: sessions.example.com, days: 30}

    """
    name = server_name or host
    shown = tls.certificate(host, port, name)
    if shown.distrust:
        return failed(
            f"The certificate of {name} at {host}:{port}, from {shown.issuer}, is not to be trusted: {shown.distrust}."
        )
    left = (shown.expires - tls.now).total_seconds() / _DAY_SECONDS
    return at_least(f"Time left of the certificate of {name} at {host}:{port}", round(left, 2), days, "days")


@check(remedy="openssl s_client -connect <host>:<port> -tls1_1 </dev/null")
def enforced(tls: Tls, *, host: str, port: int = 443, minimum: Literal["1.2", "1.3"] = "1.2") -> Verdict:
    """The server speaks TLS in a version that is still safe, and refuses older ones.

    What is encrypted in an old version can be read on the way. Plain HTTP is another check's: http.redirects_to_https.
    ``minimum`` is the oldest version that it may agree to. Shakes hands twice, the second time as an old client.

    Example:
        check: tls.enforced
        with: {host: api.example.com}

    """
    agreed = tls.version(host, port)
    if not agreed:
        return unknown(f"{host}:{port} refuses every TLS handshake of this machine, so nothing could be judged.")
    too_new = {"1.2": "TLSv1.1", "1.3": "TLSv1.2"}[minimum]
    old = tls.version(host, port, too_new)
    if old:
        return failed(f"{host}:{port} agrees to {old}, wanted TLSv{minimum} at least.")
    return passed(f"{host}:{port} speaks {agreed} and refuses {too_new} and older.")
