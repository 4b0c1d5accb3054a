"""APIs of others that the system lives on: the key is accepted, and enough may still be asked."""

from __future__ import annotations

from tasks.connect.http import Http
from tasks.connect.references import Secrets
from tasks.core.judges import at_least, equal
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst


@check(remedy="Get a new key from the provider, put it where the reference points, and try again.")
def key_accepted(
    http: Http,
    secrets: Secrets,
    *,
    url: str,
    key: str,
    header: str = "Authorization",
    scheme: str = "Bearer",
    status: int = 200,
    refused_without: bool = True,
    headers: dict[str, str] | None = None,
) -> Verdict:
    """The API accepts our key, and answers nobody without one.

    ``key`` is a reference such as env:OPENAI_API_KEY; it is sent in ``header`` after ``scheme``, which counts for Authorization
    only. ``refused_without`` asks once more without the key, which must be answered 401 or 403: an address that answers
    everybody proves nothing of the key. ``headers`` are sent both times. Asks GET.

    Example:
        check: api.key_accepted
        with: {url: "https://api.openai.com/v1/models", key: "env:OPENAI_API_KEY"}

    """
    plain = headers or {}
    seen = http.get(url, headers={**plain, header: _proof(secrets, key, header, scheme)}).status
    if seen >= 500:
        return unknown(f"{url} answers {seen}, which says nothing of the key {key}.")
    accepted = equal(f"The answer of {url} to {key}", seen, status)
    if not refused_without:
        return accepted
    alone = http.get(url, headers=plain).status
    told = f"Without a key {url} answers {alone}, wanted 401 or 403."
    return worst([accepted, (passed if alone in (401, 403) else unknown if alone >= 500 else failed)(told)])


@check(remedy="Ask the provider for a higher limit, or find out who uses it up.")
def limit_left(
    http: Http,
    secrets: Secrets,
    *,
    url: str,
    key: str = "",
    header: str = "Authorization",
    scheme: str = "Bearer",
    limit_header: str = "x-ratelimit-limit-requests",
    left_header: str = "x-ratelimit-remaining-requests",
    at_least_percent: float = 20,
    headers: dict[str, str] | None = None,
) -> Verdict:
    """Enough of what the API allows us is left.

    ``key`` is a reference, sent in ``header`` after ``scheme``; ``limit_header`` and ``left_header`` are where the API tells
    how many requests it allows and how many are left; ``at_least_percent`` is the smallest share that must be left. Asks GET.

    Example:
        check: api.limit_left
        with: {url: "https://api.openai.com/v1/models", key: "env:OPENAI_API_KEY"}

    """
    proof = {header: _proof(secrets, key, header, scheme)} if key else {}
    response = http.get(url, headers={**(headers or {}), **proof})
    limit, left = (response.headers.get(name.lower(), "") for name in (limit_header, left_header))
    if not limit.isdigit() or not left.isdigit() or not int(limit):
        return unknown(f"{url} answers {response.status} and does not tell its limit in {limit_header} and {left_header}.")
    return at_least(
        f"What is left of the {limit} requests that {url} allows", round(100 * int(left) / int(limit), 1), at_least_percent, "%"
    )


def _proof(secrets: Secrets, key: str, header: str, scheme: str) -> str:
    return secrets.token(key, scheme if header.lower() == "authorization" else "")
