from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

SELECTED, NAMED = "aws.tagging.selected_tagged", "aws.tagging.resources_tagged"
PROJECT = {"select": {"Project": "flow"}, "tags": ["Owner"]}
BUCKET = {"resources": ["arn:aws:s3:::a"], "tags": ["Owner"]}
UNREAD = {"resourcegroupstaggingapi.get_resources": DENIED}


def resources(**tags: dict[str, str]) -> dict[str, Any]:
    found = [
        {"ResourceARN": f"arn:aws:s3:::{name}", "Tags": [{"Key": key, "Value": value} for key, value in each.items()]}
        for name, each in tags.items()
    ]
    return {"resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": found}}


CASES = [
    Case("tagged", SELECTED, PROJECT, Status.PASSED, "among 2", resources(a={"Owner": "x"}, b={"Owner": "y"})),
    Case(
        "one is not",
        SELECTED,
        PROJECT,
        Status.FAILED,
        "arn:aws:s3:::b lacks Owner",
        resources(a={"Owner": "x"}, b={"Team": "y"}),
    ),
    Case("an empty value", SELECTED, PROJECT | {"types": ["s3"]}, Status.FAILED, "lacks Owner", resources(a={"Owner": ""})),
    Case("empty account", SELECTED, PROJECT, Status.UNKNOWN, "Nothing was there", resources()),
    Case("no tag named", SELECTED, PROJECT | {"tags": []}, Status.UNKNOWN, "does not say", resources(a={"Owner": "x"})),
    Case("denied", SELECTED, PROJECT, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("tagged", NAMED, BUCKET, Status.PASSED, "has Owner", resources(a={"Owner": "x"})),
    Case("lacks one", NAMED, BUCKET, Status.FAILED, "lacks Owner", resources(a={"Team": "x"})),
    Case("has none", NAMED, BUCKET, Status.FAILED, "no tag at all", resources()),
    Case("none named", NAMED, BUCKET | {"resources": []}, Status.UNKNOWN, "nothing could be judged", resources()),
    Case("no tag named", NAMED, BUCKET | {"tags": []}, Status.UNKNOWN, "does not say", resources(a={"Owner": "x"})),
    Case("denied", NAMED, BUCKET, Status.UNKNOWN, "AccessDenied", UNREAD),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
