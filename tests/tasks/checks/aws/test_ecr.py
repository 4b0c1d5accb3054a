from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, PUSHED, SCANNED = (f"aws.ecr.{name}" for name in ("repositories_exist", "images_pushed", "images_scanned"))
APP = {"repositories": ["app"]}
IMAGE = {"images": ["team/app:1.2"]}
NO_REPOSITORY = aws_error("RepositoryNotFoundException", "The repository with name 'app' does not exist")
REPOSITORY = {"ecr.describe_repositories": {"repositories": [{"repositoryName": "app", "repositoryUri": "1.dkr/app"}]}}


def image(*digests: str) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        assert asked == {"repositoryName": "team/app", "imageIds": [{"imageTag": "1.2"}]}
        return {"imageDetails": [{"imageDigest": each} for each in digests]}

    return {"ecr.describe_images": found}


def scan(status: str = "COMPLETE", **counts: int) -> dict[str, Any]:
    findings = {"findingSeverityCounts": counts} if counts else {}
    return {"ecr.describe_image_scan_findings": {"imageScanStatus": {"status": status}, "imageScanFindings": findings}}


CASES = [
    Case("there", EXIST, APP, Status.PASSED, "1.dkr/app", REPOSITORY),
    Case("not there", EXIST, APP, Status.FAILED, "does not exist", {"ecr.describe_repositories": NO_REPOSITORY}),
    Case("empty answer", EXIST, APP, Status.FAILED, "no repository", {"ecr.describe_repositories": {"repositories": []}}),
    Case("none named", EXIST, {"repositories": []}, Status.UNKNOWN, "nothing could be judged", REPOSITORY),
    Case("denied", EXIST, APP, Status.UNKNOWN, "AccessDenied", {"ecr.describe_repositories": DENIED}),
    Case("pushed", PUSHED, IMAGE, Status.PASSED, "as sha256:1", image("sha256:1")),
    Case("not pushed", PUSHED, IMAGE, Status.FAILED,
         "ImageNotFound", {"ecr.describe_images": aws_error("ImageNotFoundException")}),
    Case("empty answer", PUSHED, IMAGE, Status.FAILED, "no image", image()),
    Case("denied", PUSHED, IMAGE, Status.UNKNOWN, "AccessDenied", {"ecr.describe_images": DENIED}),
    Case("nothing found", SCANNED, IMAGE, Status.PASSED, "none of CRITICAL or HIGH", scan()),
    Case("only lesser ones", SCANNED, IMAGE, Status.PASSED, "none of", scan(LOW=9)),
    Case("one", SCANNED, IMAGE, Status.FAILED, "1 CRITICAL, wanted at most 0", scan(CRITICAL=1)),
    Case("just as many as accepted", SCANNED, IMAGE | {"at_most": 3}, Status.PASSED,
         "1 CRITICAL, 2 HIGH", scan(CRITICAL=1, HIGH=2)),
    Case("one more", SCANNED, IMAGE | {"at_most": 2}, Status.FAILED, "at most 2", scan(CRITICAL=1, HIGH=2)),
    Case("still scanning", SCANNED, IMAGE, Status.UNKNOWN, "IN_PROGRESS", scan("IN_PROGRESS")),
    Case("never scanned", SCANNED, IMAGE, Status.FAILED, "ScanNotFound",
         {"ecr.describe_image_scan_findings": aws_error("ScanNotFoundException")}),
    Case("no severity named", SCANNED, IMAGE | {"severities": []}, Status.UNKNOWN, "does not say", scan(CRITICAL=1)),
    Case("denied", SCANNED, IMAGE, Status.UNKNOWN, "AccessDenied", {"ecr.describe_image_scan_findings": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
