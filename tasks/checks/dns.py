"""Names in the DNS: they resolve, to where they should."""

from __future__ import annotations

from typing import Literal

from tasks.connect.dns import Dns
from tasks.core.judges import includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, passed, unknown


@check(remedy="dig +noall +answer <name> <type>")
def record_resolves(
    dns: Dns,
    *,
    name: str,
    type: Literal["A", "AAAA", "CNAME", "TXT", "MX", "NS", "CAA", "SRV"] = "A",  # noqa: A002  the DNS's own word
    value: str = "",
) -> Verdict:
    """The name has the wished record in the DNS.

    Clients find the system by this name; until it resolves, nothing that was deployed can be used under it.
    ``type`` is the kind of record, ``value`` one that must be among them, without a final dot. Asks the name servers.

    Example:
        check: dns.record_resolves
        with: {name: sessions.example.com, type: CNAME, value: d-abc123.execute-api.us-east-1.amazonaws.com}

    """
    records = [record.lower() for record in dns.resolve(name, type)]
    if not records:
        return unknown(f"The DNS answered for {type} {name} without any record.")
    if value:
        return includes(f"{type} {name}, which is {listed(records)},", records, [value.lower().removesuffix(".")])
    return passed(f"{type} {name} is {listed(records)}.")
