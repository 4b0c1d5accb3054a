import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

EXISTS, SET, VALUE = "file.exists", "file.values_set", "file.value_in"
FILLED, EQUAL, MATCH, WORDS = (f"file.{name}" for name in ("no_placeholders", "settings_equal", "settings_match", "none_of"))
DOTENV = {".env": "# production\nDEBUG=false\nexport API_KEY='k-1' # ours\nDATABASE_URL=postgres://u:p@db/1\n"}
ENV = {"path": ".env"}
PAIR = {"path": "staging.json", "like": "production.json"}


def pair(staging: str, production: str = '{"size": 2, "log": {"level": "INFO"}}') -> dict[str, str]:
    return {"staging.json": staging, "production.json": production}


PATH = {"path": "config.json"}
CONFIG = {
    "account": "123456789012",
    "region": "us-east-1",
    "alarmEmail": "alarms@example.com",
    "endpoint": "wss://api.example.com/prod",
    "topic": "arn:aws:sns:us-east-1:123456789012:alarms",
    "retention": 30,
    "throttling": {"rate": 1000},
    "tags": ["a"],
    "dotted.name": "x",
}
FORMATS = {
    "account": "aws-account",
    "region": "region",
    "alarmEmail": "email",
    "endpoint": "url",
    "topic": "arn",
    "retention": "number",
}


def config(**changes: Any) -> dict[str, str]:
    return {"config.json": json.dumps(CONFIG | changes)}


def keys(*names: str) -> dict[str, Any]:
    return {**PATH, "keys": list(names)}


def region(value: object) -> Case:
    return Case(
        f"{value} is no region",
        SET,
        {**PATH, "formats": {"region": "region"}},
        Status.FAILED,
        "wanted an AWS region",
        files=config(region=value),
    )


def placeholder(value: str) -> Case:
    return Case(
        f"placeholder {value}", SET, keys("region"), Status.FAILED, f"is the placeholder '{value}'", files=config(region=value)
    )


def filled(value: str) -> Case:
    return Case(f"{value} is no placeholder", SET, keys("region"), Status.PASSED, "is filled in", files=config(region=value))


CASES = [
    Case("nothing left", FILLED, {**ENV, "keys": ["API_KEY"]}, Status.PASSED, "No placeholders in .env among 3", files=DOTENV),
    Case("a placeholder", FILLED, ENV, Status.FAILED, "placeholders in .env: B", files={".env": "A=1\nB=change-me\n"}),
    Case("a key missing", FILLED, {**ENV, "keys": ["B"]}, Status.FAILED, "not filled in in .env: B", files={".env": "A=1\n"}),
    Case("a key empty", FILLED, {**ENV, "keys": ["A"]}, Status.FAILED, "not filled in in .env: A", files={".env": "A=\n"}),
    Case("empty file", FILLED, ENV, Status.UNKNOWN, "Nothing was there", files={".env": ""}),
    Case("no dotenv", FILLED, ENV, Status.UNKNOWN, "line 1 is no NAME=value", files={".env": "hello\n"}),
    Case("as wished", EQUAL, {**ENV, "values": {"DEBUG": "false"}}, Status.PASSED, "'false', wanted 'false'", files=DOTENV),
    Case("otherwise", EQUAL, {**ENV, "values": {"DEBUG": "no"}}, Status.FAILED, "is 'false', wanted 'no'", files=DOTENV),
    Case("missing", EQUAL, {**ENV, "values": {"DRY_RUN": "false"}}, Status.FAILED, "is absent, wanted 'false'", files=DOTENV),
    Case("a secret", EQUAL, {**ENV, "values": {"API_KEY": "x"}}, Status.FAILED, "'[hidden]', wanted '[hidden]'", files=DOTENV),
    Case("true in JSON", EQUAL, {**PATH, "values": {"on": "true"}}, Status.PASSED, "'true'", files=config(on=True)),
    Case("no setting asked for", EQUAL, {**ENV, "values": {}}, Status.UNKNOWN, "nothing could be judged", files=DOTENV),
    Case(
        "tfvars",
        EQUAL,
        {"path": "a.tfvars", "values": {"env": "prod"}},
        Status.PASSED,
        "'prod'",
        files={"a.tfvars": 'env = "prod" # here\nzones = [\n  "a",\n]\ntags = {\n  Team = "x"\n}\n'},
    ),
    Case("alike", MATCH, PAIR, Status.PASSED, "among 2", files=pair('{"log": {"level": "INFO"}, "size": 2}')),
    Case(
        "other value",
        MATCH,
        PAIR,
        Status.FAILED,
        "another value than in production.json: log.level",
        files=pair('{"size": 2, "log": {"level": "DEBUG"}}'),
    ),
    Case(
        "may differ",
        MATCH,
        PAIR | {"may_differ": ["log.*"]},
        Status.PASSED,
        "among 2",
        files=pair('{"size": 2, "log": {"level": "DEBUG"}}'),
    ),
    Case(
        "name missing",
        MATCH,
        PAIR | {"may_differ": ["*"]},
        Status.FAILED,
        "size (only in production.json)",
        files=pair('{"log": {"level": "INFO"}}'),
    ),
    Case("both empty", MATCH, PAIR, Status.UNKNOWN, "Nothing was there", files=pair("{}", "{}")),
    Case("one missing", MATCH, PAIR, Status.FAILED, "no file 'staging.json'"),
    Case("no such word", WORDS, {**ENV, "words": ["localhost"]}, Status.PASSED, "No unwanted words", files=DOTENV),
    Case("a word", WORDS, {**ENV, "words": ["POSTGRES"]}, Status.FAILED, "unwanted words in .env: POSTGRES", files=DOTENV),
    Case("no words", WORDS, {**ENV, "words": []}, Status.UNKNOWN, "does not say which words", files=DOTENV),
    Case("there", EXISTS, PATH, Status.PASSED, "config.json has 2 bytes", files={"config.json": "{}"}),
    Case("empty", EXISTS, PATH, Status.FAILED, "config.json is empty", files={"config.json": ""}),
    Case("not there", EXISTS, PATH, Status.FAILED, "no file 'config.json'"),
    Case("a folder", EXISTS, PATH, Status.FAILED, "no file 'config.json'", files={"config.json/a": ""}),
    Case("outside", EXISTS, {"path": "../../etc/passwd"}, Status.UNKNOWN, "leads out of the workspace"),
    Case(
        "all filled in",
        SET,
        {**keys("throttling.rate", "tags", "dotted.name"), "formats": FORMATS},
        Status.PASSED,
        "9 in all",
        files=config(),
    ),
    Case("one missing", SET, keys("region", "vpc"), Status.FAILED, "'vpc' in config.json is not filled in", files=config()),
    Case("one empty", SET, keys("alarmEmail"), Status.FAILED, "not filled in", files=config(alarmEmail=" ")),
    Case("one null", SET, keys("alarmEmail"), Status.FAILED, "not filled in", files=config(alarmEmail=None)),
    Case("empty list", SET, keys("tags"), Status.FAILED, "not filled in", files=config(tags=[])),
    Case("missing deep inside", SET, keys("throttling.burst"), Status.FAILED, "'throttling.burst'", files=config()),
    Case("deep inside a text", SET, keys("region.name"), Status.FAILED, "'region.name'", files=config()),
    *map(
        placeholder,
        (
            "us-east-1_REPLACEME",
            "<your pool>",
            "TODO",
            "todo: ask Ana",
            "change-me",
            "${REGION}",
            "xxxx",
            "your-region",
            "N/A",
            "...",
        ),
    ),
    *map(filled, ("todo-service", "ana-xxx", "replacement", "Ana <ana@example.com>", "none-such")),
    Case(
        "no e-mail address",
        SET,
        {**PATH, "formats": FORMATS},
        Status.FAILED,
        "'alarms', wanted an e-mail address",
        files=config(alarmEmail="alarms"),
    ),
    Case(
        "account too short",
        SET,
        {**PATH, "formats": FORMATS},
        Status.FAILED,
        "wanted an AWS account",
        files=config(account="12345678901"),
    ),
    Case(
        "account of zeros",
        SET,
        {**PATH, "formats": FORMATS},
        Status.FAILED,
        "wanted an AWS account",
        files=config(account="000000000000"),
    ),
    Case(
        "true is no number",
        SET,
        {**PATH, "formats": FORMATS},
        Status.FAILED,
        "'True', wanted a number",
        files=config(retention=True),
    ),
    Case("no ARN", SET, {**PATH, "formats": FORMATS}, Status.FAILED, "wanted an ARN", files=config(topic="alarms")),
    Case("no URL", SET, {**PATH, "formats": FORMATS}, Status.FAILED, "wanted a URL", files=config(endpoint="api.example.com")),
    region("us-east"),
    region("US-EAST-1"),
    Case(
        "YAML",
        SET,
        {"path": "config.yaml", "keys": ["a.b"]},
        Status.PASSED,
        "'a.b' in config.yaml",
        files={"config.yaml": "a:\n  b: c\n"},
    ),
    Case("no file", SET, keys("region"), Status.FAILED, "no file 'config.json'"),
    Case("broken JSON", SET, keys("region"), Status.UNKNOWN, "cannot be understood", files={"config.json": "{"}),
    Case(
        "broken YAML", SET, {"path": "c.yaml", "keys": ["a"]}, Status.UNKNOWN, "cannot be understood", files={"c.yaml": "a: [1"}
    ),
    Case("a list", SET, keys("region"), Status.UNKNOWN, "no names and values", files={"config.json": "[]"}),
    Case("empty file", SET, {"path": "c.yaml", "keys": ["a"]}, Status.UNKNOWN, "no names and values", files={"c.yaml": ""}),
    Case("no key asked for", SET, PATH, Status.UNKNOWN, "nothing could be judged", files=config()),
    Case("too large", SET, keys("region"), Status.UNKNOWN, "bytes are read", files=config(region="r" * 1_000_001)),
    Case(
        "allowed",
        VALUE,
        {**PATH, "key": "region", "allowed": ["eu-west-1", "us-east-1"]},
        Status.PASSED,
        "'us-east-1'",
        files=config(),
    ),
    Case("allowed number", VALUE, {**PATH, "key": "retention", "allowed": ["30"]}, Status.PASSED, "'30'", files=config()),
    Case(
        "another",
        VALUE,
        {**PATH, "key": "region", "allowed": ["eu-west-1"]},
        Status.FAILED,
        "wanted one of eu-west-1",
        files=config(),
    ),
    Case("missing", VALUE, {**PATH, "key": "vpc", "allowed": ["a"]}, Status.FAILED, "is absent", files=config()),
    Case(
        "no single value",
        VALUE,
        {**PATH, "key": "throttling", "allowed": ["a"]},
        Status.FAILED,
        "no single value",
        files=config(),
    ),
    Case("nothing allowed", VALUE, {**PATH, "key": "region", "allowed": []}, Status.UNKNOWN, "does not say", files=config()),
]


def test_values_of_a_dotenv_file_are_not_handed_on(tmp_path: Path) -> None:
    case = Case("filled in", SET, {**ENV, "keys": ["DATABASE_URL"]}, Status.PASSED, "", files=DOTENV)

    assert case.verdict(tmp_path).facts == {}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
