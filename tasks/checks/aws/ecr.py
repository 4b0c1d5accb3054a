"""Container images in ECR: pushed, and scanned."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_DONE = ("COMPLETE", "ACTIVE")
_SEVERE = ["CRITICAL", "HIGH"]


@check(permissions=("ecr:DescribeRepositories",), remedy="aws ecr create-repository --repository-name <repository>")
def repositories_exist(aws: Aws, *, repositories: list[str]) -> Verdict:
    """Every repository exists.

    Reads ecr:DescribeRepositories once a repository. ``repositories`` are names. Facts: the last one's repository_uri.

    Example:
        check: aws.ecr.repositories_exist
        with: {repositories: [app]}

    """

    def there(name: str) -> Verdict:
        found = aws.ecr.describe_repositories(repositoryNames=[name])["repositories"]
        uris = [str(each["repositoryUri"]) for each in found if each["repositoryName"] == name]
        if not uris:
            return failed(f"There is no repository {name}.")
        return passed(f"Repository {name} exists as {uris[0]}.", {"repository_uri": uris[0]})

    return every("repository", repositories, there)


@check(
    permissions=("ecr:DescribeImages",),
    remedy="aws ecr describe-images --repository-name <repository> --image-ids imageTag=<tag>",
)
def images_pushed(aws: Aws, *, images: list[str]) -> Verdict:
    """Every image is in its repository.

    A deployment of a tag that nobody pushed waits for it until it fails.
    Reads ecr:DescribeImages once an image. ``images`` are ``repository:tag``. Facts: each image's digest by its name.

    Example:
        check: aws.ecr.images_pushed
        with: {images: ["app:1.2.0"]}

    """

    def pushed(image: str) -> Verdict:
        repository, _, tag = image.rpartition(":")
        found = aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])["imageDetails"]
        if not found:
            return failed(f"There is no image {image}.")
        digest = str(found[0]["imageDigest"])
        return passed(f"Image {image} is in the repository as {digest}.", {image: digest})

    return every("image", images, pushed)


@check(
    permissions=("ecr:DescribeImageScanFindings",),
    remedy="aws ecr describe-image-scan-findings --repository-name <repository> --image-id imageTag=<tag>",
)
def images_scanned(aws: Aws, *, images: list[str], severities: list[str] = _SEVERE, at_most: int = 0) -> Verdict:
    """Every image was scanned and has few enough findings of these severities.

    Reads ecr:DescribeImageScanFindings once an image. ``images`` are ``repository:tag``; ``at_most`` is the number of findings
    that a person has accepted for each image.

    Example:
        check: aws.ecr.images_scanned
        with: {images: ["app:1.2.0"], severities: [CRITICAL]}

    """
    if not severities:
        return unknown("The item does not say which severities count.")

    def clean(image: str) -> Verdict:
        repository, _, tag = image.rpartition(":")
        seen = aws.ecr.describe_image_scan_findings(repositoryName=repository, imageId={"imageTag": tag})
        state = seen["imageScanStatus"]["status"]
        if state not in _DONE:
            return unknown(f"The scan of image {image} is {state}.")
        counts = seen["imageScanFindings"].get("findingSeverityCounts", {})  # omitted where nothing was found
        found = {each: int(counts[each]) for each in severities if each in counts}
        shown = listed(f"{many} {severity}" for severity, many in found.items()) or f"none of {' or '.join(severities)}"
        told = f"The scan of image {image} found {shown}"
        return passed(f"{told}.") if sum(found.values()) <= at_most else failed(f"{told}, wanted at most {at_most}.")

    return every("image", images, clean)
