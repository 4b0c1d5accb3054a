"""HTTP services: they answer as they should."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from tasks.connect.api import Api
from tasks.connect.http import Http
from tasks.connect.references import Secrets
from tasks.core.judges import at_most, equal, every, includes, show
from tasks.core.registry import check
from tasks.core.settings_files import at, quoted
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_LONGEST_WAIT = 10.0
_PROTECTING = {
    "strict-transport-security": "max-age=",
    "x-content-type-options": "nosniff",
    "x-frame-options": "",
    "content-security-policy": "",
    "referrer-policy": "",
}


@check(remedy="curl -isS -o - -w '%{time_total}' <url>")
def answers(http: Http, *, url: str, status: int = 200, contains: str = "", within_seconds: float = 5) -> Verdict:
    """The service answers with the wished status, text and speed.

    ``status`` is the HTTP status, redirects are not followed; ``contains`` is a text that the body must hold;
    ``within_seconds`` is the longest time for the whole answer. Asks GET once.

    Example:
        check: http.answers
        with: {url: "https://api.example.com/health", contains: ok, within_seconds: 1}

    """
    response = http.get(url, timeout_seconds=max(_LONGEST_WAIT, 2 * within_seconds))
    verdicts = [
        equal(f"Status of {url}", response.status, status),
        at_most(f"Answer time of {url}", round(response.seconds, 3), within_seconds, "s"),
    ]
    body = [contains] if contains in response.text else []
    return worst([*verdicts, includes(f"Body of {url}", body, [contains])] if contains else verdicts)


@check(remedy="curl -isS <url>")
def all_answer(http: Http, *, urls: list[str], status: int = 200, within_seconds: float = 5) -> Verdict:
    """Every one of the addresses answers with the wished status and speed.

    ``status`` is the HTTP status, redirects are not followed; ``within_seconds`` is the longest time for a whole answer. Asks
    GET of each once.

    Example:
        check: http.all_answer
        with: {urls: ["https://api.example.com/health", "https://www.example.com/"]}

    """

    def answering(url: str) -> Verdict:
        response = http.get(url, timeout_seconds=max(_LONGEST_WAIT, 2 * within_seconds))
        speed = at_most(f"Answer time of {url}", round(response.seconds, 3), within_seconds, "s")
        return worst([equal(f"Status of {url}", response.status, status), speed])

    return every("address", urls, answering)


@check(remedy="curl -isS <url>; make the service ask who is calling.")
def auth_enforced(http: Http, *, urls: list[str], statuses: list[int] | None = None) -> Verdict:
    """None of the addresses answers somebody who does not prove who they are.

    ``statuses`` are how a refusal may be answered, 401 or 403 unless said otherwise; a page that is not found or broken is no
    refusal. Asks GET of each once, without any key.

    Example:
        check: http.auth_enforced
        with: {urls: ["https://api.example.com/v1/orders"]}

    """
    wanted = statuses or [401, 403]

    def refused(url: str) -> Verdict:
        status = http.get(url).status
        told = f"{url} answers {status} to somebody without a key, wanted {' or '.join(map(str, wanted))}."
        return passed(told) if status in wanted else unknown(told) if status >= 500 else failed(told)

    return every("address", urls, refused)


@check(remedy="curl -isS -X OPTIONS -H 'Origin: <origin>' -H 'Access-Control-Request-Method: GET' <url>")
def cors_policy(
    http: Http, *, url: str, allowed: list[str] | None = None, refused: list[str] | None = None, method: str = "GET"
) -> Verdict:
    """Browsers may call the service from the allowed origins, and from no other.

    A policy that lets in every origin lets any page act as the user who is signed in.
    ``allowed`` and ``refused`` are origins such as https://app.example.com; ``refused`` is a foreign one unless said otherwise;
    ``method`` is what the page would ask. Asks OPTIONS for each origin, as a browser does beforehand.

    Example:
        check: http.cors_policy
        with: {url: "https://api.example.com/v1/orders", allowed: ["https://app.example.com"]}

    """

    def granted(origin: str) -> tuple[str, int]:
        response = http.options(url, {"Origin": origin, "Access-Control-Request-Method": method})
        return response.headers.get("access-control-allow-origin", "nobody"), response.status

    def lets_in(origin: str) -> Verdict:
        answer, status = granted(origin)
        return (passed if answer in (origin, "*") else failed)(f"{url} lets in {answer}, asked by {origin} ({status}).")

    def keeps_out(origin: str) -> Verdict:
        answer, status = granted(origin)
        told = f"{url} lets in {answer}, asked by {origin} ({status})"
        if status >= 500:
            return unknown(f"{told}.")
        return failed(f"{told}, who is to be refused.") if answer in (origin, "*") else passed(f"{told}.")

    strangers = ["https://elsewhere.example"] if refused is None else refused
    verdicts = [every("allowed origin", allowed, lets_in)] if allowed else []
    return worst([*verdicts, every("refused origin", strangers, keeps_out)] if strangers else verdicts)


@check(remedy="curl -isS <url>; add the headers where the page is served.")
def security_headers(http: Http, *, url: str, headers: dict[str, str] | None = None) -> Verdict:
    """The page comes with the headers that make browsers protect its users.

    ``headers`` are names with a text that each must contain, an empty one: any; unless said otherwise HSTS,
    X-Content-Type-Options, X-Frame-Options, Content-Security-Policy and Referrer-Policy. Asks GET once.

    Example:
        check: http.security_headers
        with: {url: "https://www.example.com/", headers: {strict-transport-security: max-age=31536000}}

    """
    seen: Mapping[str, str] = http.get(url).headers

    def protecting(pair: tuple[str, str]) -> Verdict:
        name, text = pair[0].lower(), pair[1]
        value = seen.get(name)
        good = bool(value) and text.lower() in str(value).lower()
        wanted = f"a text with '{text}'" if text else "any"
        return (passed if good else failed)(f"Header {name} of {url} is {show(value)}, wanted {wanted}.")

    return every("header", (_PROTECTING if headers is None else headers).items(), protecting)


@check(remedy="curl -isS <url>")
def redirects_to_https(http: Http, *, url: str) -> Verdict:
    """Who asks in plain HTTP is sent to the same place over HTTPS.

    ``url`` begins with http://. Asks GET once and does not follow. Where plain HTTP is not served at all, net.ports_closed says
    so.

    Example:
        check: http.redirects_to_https
        with: {url: "http://www.example.com/"}

    """
    if urlsplit(url).scheme != "http":
        return unknown(f"'{url}' is no address in plain HTTP.")
    response = http.get(url)
    place = response.headers.get("location", "")
    target = urlsplit(place)
    good = response.status in (301, 302, 307, 308) and target.scheme == "https" and target.hostname == urlsplit(url).hostname
    return (passed if good else failed)(f"{url} answers {response.status} and sends to {place or 'nowhere'}.")


@check(remedy="curl -sS <url>")
def version_is(http: Http, *, url: str, version: str, field: str = "version") -> Verdict:
    """What answers is the version that was released.

    ``field`` is the dotted name of the version in the JSON that ``url`` answers. Asks GET once.

    Example:
        check: http.version_is
        with: {url: "https://api.example.com/version", version: 1.4.0}

    """
    response = http.get(url)
    if response.status != 200:
        return failed(f"{url} answers {response.status}, wanted 200 with version {version}.")
    return equal(f"'{field}' of {url}", at(response.json, field), version)


@check(remedy="curl -sS <url>")
def values_are(
    api: Api,
    secrets: Secrets,
    *,
    url: str,
    values: dict[str, str],
    key: str = "",
    header: str = "Authorization",
    scheme: str = "Bearer",
    headers: dict[str, str] | None = None,
) -> Verdict:
    """What the service answers has the wished values.

    ``values`` are wished values by dotted name in the JSON that ``url`` answers, compared as text; ``key`` is a reference to a
    key that is sent in ``header`` after ``scheme``; ``headers`` are sent too. Asks GET once.

    Example:
        check: http.values_are
        with: {url: "https://api.example.com/status", values: {database.connected: "true"}, key: "env:API_KEY"}

    """
    proof = {header: secrets.token(key, scheme if header == "Authorization" else "")} if key else {}
    content = api.at(url, headers={**(headers or {}), **proof}).json("")

    def as_wished(name: str) -> Verdict:
        seen = at(content, name)
        text = None if seen is None else str(seen).lower() if isinstance(seen, bool) else quoted(name, seen)
        return equal(f"'{name}' of {url}", text, values[name])

    return every("value", values, as_wished)
