"""What was read, in lines for a person: tables, curves, errors, and nothing that could pass for anything else."""

from typing import Any

import pytest

from checklists.readings import shown

ALARMS = [
    {"question": f'alarms.describe {{"name": "{name}"}}', "answer": {"Alarms": [{"State": state, "Limit": 5}]}}
    for name, state in (("slow", "OK"), ("full", "ALARM"))
]
MATRIX = {"data": {"result": [{"metric": {"pod": "a"}, "values": [[1, "0.2"], [2, "0.4"], [3, "0.3"]]}]}}

CASES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "nothing": ([], []),
    "a text": (
        [{"question": "the log", "answer": "one\n\ntwo"}],
        ["the log", "  one", "  two"],
    ),
    "an empty text": ([{"question": "the log", "answer": " "}], ["the log", "  (nothing)"]),
    "a number": ([{"question": "size", "answer": 268}], ["size", "  268"]),
    "a mapping": (
        [{"question": "values", "answer": {"region": "us-east-1", "limits": {"burst": 500, "rate": None}}}],
        ["values", "  region: us-east-1", "  limits:", "    burst: 500", "    rate: -"],
    ),
    "texts": ([{"question": "tags", "answer": {"all": ["v1", "v2"]}}], ["tags", "  all: v1, v2"]),
    "an empty list": ([{"question": "tags", "answer": []}], ["tags", "  (none)"]),
    "numbers": (
        [{"question": "load", "answer": [1, 2, 4]}],
        ["load", "  ▁▃█ lowest 1, mean 2.333, highest 4, last 4"],
    ),
    "true and false are no numbers": ([{"question": "on", "answer": [True, False]}], ["on", "  True, False"]),
    "a series": (
        [{"question": "p95", "answer": MATRIX}],
        ["p95", "  data:", "    result:", "      pod values", "      a   ▁█▄ lowest 0.2, mean 0.3, highest 0.4, last 0.3"],
    ),
    "rows": (
        [{"question": "users", "answer": [{"id": 1, "name": "ana"}, {"id": 22, "name": "ben", "tags": [{}]}]}],
        ["users", "  id name", "  1  ana", "  22 ben"],
    ),
    "rows without a plain value": ([{"question": "x", "answer": [{"a": [{}]}, {}]}], ["x", "  2 entries"]),
    "one question of many things": (
        ALARMS,
        ["alarms.describe, asked 2 times", "  of   State Limit", "  slow OK    5", "  full ALARM 5"],
    ),
    "an error": ([{"question": "x", "error": "Denied."}], ["x", "  not answered: Denied."]),
    "an error among others": (
        [*ALARMS[:1], {"question": 'alarms.describe {"name": "lost"}', "error": "Denied."}],
        [
            "alarms.describe, asked 2 times",
            "  of   State Limit answer",
            "  slow OK    5",
            "  lost             not answered: Denied.",
        ],
    ),
    "an empty answer among others": (
        [*ALARMS[:1], {"question": 'alarms.describe {"name": "lost"}', "answer": {"Alarms": []}}],
        ["alarms.describe, asked 2 times", "  of   State Limit answer", "  slow OK    5", "  lost             (none)"],
    ),
    "lines that would end what they stand in": (
        [{"question": "```\n# x", "answer": "a\u2028b\x1b[31m\n```"}],
        ["``` # x", "  a", "  b [31m", "  ```"],
    ),
}


@pytest.mark.parametrize(("evidence", "expected"), CASES.values(), ids=CASES)
def test_what_was_read_is_shown(evidence: list[dict[str, Any]], expected: list[str]) -> None:
    assert shown(evidence) == expected


@pytest.mark.parametrize("readings", [1, 3, 30])
@pytest.mark.parametrize("limit", [6, 20])
def test_there_are_never_more_lines_nor_wider_ones_than_fit(readings: int, limit: int) -> None:
    evidence = [{"question": f"log {number}", "answer": "x" * 5000 + "\nline" * 300} for number in range(readings)]
    lines = shown(evidence, limit)

    assert len(lines) <= limit
    assert max(len(line) for line in lines) <= 100
    assert lines[-1].startswith("… ")


def test_the_columns_that_tell_the_rows_apart_come_first_and_hidden_ones_last() -> None:
    rows = [
        {"secret": "[hidden]", "arn": "a" * 39 + str(n), "kind": "lamp", "name": f"l{n}", "watt": n, "hue": n * 2}
        for n in (1, 2)
    ]

    assert shown([{"question": "lamps", "answer": rows}])[1].split() == ["arn", "name", "watt", "hue"]
