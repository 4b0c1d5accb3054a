"""What the machinery costs, measured on this machine: ``make bench``.

Prints, each with its unit: the largest gate against the emulated AWS and the same reads done bare in a thread pool; what an
item costs over a bare Prefect task; and how long an approver waits from pressing *Submit* to the next check.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployments import up
from tests.stack import Stack, build

ITEMS = 200
THREADS = 16


def main() -> int:
    """Measure on a world, a server and a worker of its own."""
    with tempfile.TemporaryDirectory(prefix="gates-bench-") as folder, standing(Path(folder)) as stack:
        largest_gate(stack)
        overhead_per_item()
        resume_to_next_check(stack)
        say("memory of this process at its largest", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
    return 0


@contextmanager
def standing(folder: Path) -> Iterator[Stack]:
    """The whole stack, for as long as it is measured."""
    stack = build(folder)
    try:
        yield stack
    finally:
        up.stop(stack.home)
        stack.world.down()


def say(what: str, value: float, unit: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{what:<78}{value:>10.3f} {unit}\n")
    sys.stdout.flush()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that the work took, and what it returned."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def largest_gate(stack: Stack) -> None:
    """The gate with the most checks, as a release runs it, against its distinct reads alone."""
    from prefect import flow

    from checklists.request import Request
    from flows.concurrency import pool
    from flows.freezing import freeze
    from flows.gates import sample
    from flows.journey import begin

    plan = freeze("session-management", Request("production", "1.0.0", "rita"))
    gate = max((gate for phase in plan.phases for gate in phase.gates), key=lambda gate: len(gate.items))
    journey = begin(plan, "bench", about={"facts": {"account": "123456789012", "log_retention_days": "30"}})
    run = flow(name="bench-gate", task_runner=pool())(lambda: sample(journey, "bench", gate.items)["status"])
    run()  # the clients are made and the server has seen it once
    stack.world.gateway.forget_calls()
    seconds, status = timed(run)
    calls = sum(stack.world.gateway.calls().values())
    entry = journey.record.of("sampled")[-1]
    every = [reading for item in entry.body["verdicts"].values() for reading in asked(journey, item)]
    reads = f"asked {len(every)} times, {entry.body['reads']} distinct reads, {calls} API calls"
    say(f"largest gate: {len(gate.items)} items, {reads}, {status}", seconds, "s")
    questions = sorted(set(every))
    seconds, _ = timed(lambda: bare_reads(questions))
    say(f"the same {len(questions)} reads bare, in {THREADS} threads", seconds, "s")


def asked(journey: Any, verdict: dict[str, Any]) -> list[str]:
    """The questions behind a verdict, from its evidence."""
    return [each["question"] for each in journey.record.kept(verdict["evidence"])] if "evidence" in verdict else []


def bare_reads(questions: list[str]) -> None:
    """Each read once, with nothing around it but boto3 and threads."""
    import boto3

    session = boto3.Session()
    clients = {service: session.client(service) for service in {question.split(".", 1)[0] for question in questions}}

    def read(question: str) -> None:
        name, _, parameters = question.partition(" ")
        service, operation = name.split(".", 1)
        getattr(clients[service], operation)(**json.loads(parameters))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(read, [question for question in questions if "{" in question]))


def overhead_per_item() -> None:
    """An item that does nothing, against a Prefect task that does nothing."""
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.futures import wait

    from flows.concurrency import pool
    from tasks.core.verdicts import passed
    from tasks.runtime import together

    nothing = task(lambda: None, cache_policy=NO_CACHE, persist_result=False)
    bare = flow(name="bench-bare", task_runner=pool())(lambda: wait([nothing.submit() for _ in range(ITEMS)]) and None)
    works = {str(n): (f"Item {n}", lambda: passed("Nothing to do.")) for n in range(ITEMS)}
    ours = flow(name="bench-items", task_runner=pool())(lambda: len(together(works)))
    bare()
    for_bare, _ = timed(bare)
    for_ours, _ = timed(ours)
    say(f"a bare Prefect task, one of {ITEMS}", 1000 * for_bare / ITEMS, "ms")
    say(f"an item, one of {ITEMS}", 1000 * for_ours / ITEMS, "ms")
    say("an item over a bare task", 1000 * (for_ours - for_bare) / ITEMS, "ms")


def resume_to_next_check(stack: Stack) -> None:
    """From the moment an answer is sent to its sign-off in the record, and to the next sample of checks."""
    run = stack.release(version="1.1.0")
    stack.wait_for(run, ["Suspended"], 180)
    record = stack.record(stack.release_of(run))
    sent = datetime.now(UTC)
    for person in ("ana", "dev", "ben"):
        sent = datetime.now(UTC)
        stack.sign(run, person)
    signed = record_of_last(record, "signed")
    say("from an approver's answer to the sign-off in the record", (signed.at - sent).total_seconds(), "s")
    until = time.monotonic() + 60
    while time.monotonic() < until and record_of_last(record, "sampled").at < signed.at:
        time.sleep(0.2)
    started = datetime.fromisoformat(record_of_last(record, "sampled").body["started"])
    say("from an approver's answer to the next check", (started - sent).total_seconds(), "s")


def record_of_last(record: Any, kind: str) -> Any:
    """The newest entry of a kind, as the record is now."""
    record.refresh()
    return record.of(kind)[-1]


if __name__ == "__main__":
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    raise SystemExit(main())
