"""Hosts in the network: what is open to be reached, and what is not."""

from __future__ import annotations

from tasks.connect.ports import Ports
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(remedy="nc -vz <host> <port>")
def ports_open(ports: Ports, *, hosts: list[str], port_numbers: list[int]) -> Verdict:
    """Somebody listens on every one of the ports of every host.

    A firewall rule that was forgotten is found by the first user otherwise.
    ``hosts`` are names or addresses, ``port_numbers`` TCP ports. Connects to each and hangs up.

    Example:
        check: net.ports_open
        with: {hosts: [app-1.example.com], port_numbers: [22, 443]}

    """

    def listening(place: tuple[str, int]) -> Verdict:
        state = ports.state(*place)
        return (passed if state == "open" else failed)(f"Port {place[1]} of {place[0]} is {state}, wanted open.")

    return every("port", [(host, port) for host in hosts for port in port_numbers], listening)


@check(remedy="nc -vz <host> <port>; close the port in the firewall or the security group.")
def ports_closed(ports: Ports, *, hosts: list[str], port_numbers: list[int], answers_on: int = 443) -> Verdict:
    """None of the ports can be reached from here, on hosts that are known to be up.

    A database or an administration port that is open to everybody is found within hours.
    ``answers_on`` is a port on which every host must answer: a host that is down has no open ports either. Connects to each
    port and hangs up; no answer within 5 s counts as closed.

    Example:
        check: net.ports_closed
        with: {hosts: [api.example.com], port_numbers: [5432, 6379]}

    """

    def shut(host: str, port: int) -> Verdict:
        state = ports.state(host, port)
        return (failed if state == "open" else passed)(f"Port {port} of {host} is {state}, wanted closed.")

    def guarded(host: str) -> Verdict:
        if ports.state(host, answers_on) != "open":
            return unknown(f"{host} does not answer on port {answers_on}, so nobody can say what a closed port means.")
        return every(f"port of {host}", port_numbers, lambda port: shut(host, port))

    return every("host", hosts, guarded)
