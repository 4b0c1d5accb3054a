"""Read door to the domain name system. The only importer of dnspython."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from tasks.core.errors import Absent, EvidenceError, Malformed, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from dns.resolver import Resolver

    from tasks.connect.session import Session

_PATIENCE_SECONDS = 5.0


class Dns:
    """Asks the system's name servers, or the one that the settings name."""

    def __init__(self, nameserver: str, trail: Trail) -> None:
        self._nameserver = nameserver
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Dns:
        """The door; it asks nobody yet."""
        return cls(session.settings.nameserver, trail)

    def resolve(self, name: str, kind: str) -> list[str]:
        """The records of ``kind`` (A, CNAME, TXT, …) of ``name`` as text, without final dots.

        Raises ``Absent`` when there is no such name or no such record, ``Unreachable`` when nobody answered.
        """
        records: list[str] = self._trail.read("dns", f"{kind} {name}", lambda: _asked(_resolver(self._nameserver), name, kind))
        return records


def _asked(resolver: Resolver, name: str, kind: str) -> list[str]:
    from dns import exception, rdatatype
    from dns import resolver as dns

    try:
        found = resolver.resolve(name, kind, lifetime=_PATIENCE_SECONDS, search=False)
    except dns.NXDOMAIN as error:
        raise Absent(f"The name {name} does not exist in the DNS.") from error
    except dns.NoAnswer as error:
        raise Absent(f"The name {name} has no {kind} record.") from error
    except (exception.Timeout, dns.NoNameservers) as error:
        raise Unreachable(f"No name server answered for {kind} {name}: {error}.") from error
    except (rdatatype.UnknownRdatatype, dns.NoMetaqueries) as error:
        raise EvidenceError(f"'{kind}' is no kind of DNS record to ask for.") from error
    except (exception.DNSException, OSError, ValueError) as error:
        raise Malformed(f"The DNS could not be asked for {kind} {name}: {error}.") from error
    return sorted(record.to_text().strip('"').removesuffix(".") for record in found)


def _resolver(nameserver: str) -> Resolver:
    from dns.resolver import NoResolverConfiguration, Resolver

    if not nameserver:
        try:
            return Resolver()
        except NoResolverConfiguration as error:
            raise Unreachable(f"This machine knows no name server: {error}.") from error
    host, _, port = nameserver.rpartition(":")
    try:
        address = str(ipaddress.ip_address(host.strip("[]")))
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = [address], int(port)
    except ValueError as error:
        raise EvidenceError(f"GATES_NAMESERVER is '{nameserver}'; set it to address:port, such as 127.0.0.1:53.") from error
    return resolver
