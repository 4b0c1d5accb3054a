"""Tags on what was deployed."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import every, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("tag:GetResources",)
_SILENT = "The item does not say which tags the resources must carry."
_REMEDY = "aws resourcegroupstaggingapi tag-resources --resource-arn-list <arn> --tags <key>=<value>"


@check(permissions=_READS, remedy=_REMEDY)
def selected_tagged(aws: Aws, *, select: dict[str, str], tags: list[str], types: list[str] | None = None) -> Verdict:
    """Every resource with the selecting tags carries all the wished tags too, each with a value.

    What is not tagged is paid for by nobody in particular and removed by nobody.
    Reads tag:GetResources. ``select`` maps a tag to its value; ``types`` narrows to resource types such as ``lambda:function``.
    A resource without any tag is not found by its tags: list those that matter under ``resources_tagged``.

    Example:
        check: aws.tagging.selected_tagged
        with: {select: {Project: workflow}, tags: [Environment, Owner, CostCenter]}

    """
    if not tags:
        return unknown(_SILENT)
    filters = [{"Key": key, "Values": [value]} for key, value in select.items()]
    found = aws.resourcegroupstaggingapi.get_resources(TagFilters=filters, **({"ResourceTypeFilters": types} if types else {}))
    resources = found["ResourceTagMappingList"]
    lacking = [f"{each['ResourceARN']} lacks {listed(missing)}" for each in resources if (missing := _missing(each, tags))]
    return none("resources without their tags", lacking, len(resources))


@check(permissions=_READS, remedy=_REMEDY)
def resources_tagged(aws: Aws, *, resources: list[str], tags: list[str]) -> Verdict:
    """Every one of the resources carries all the wished tags, each with a value.

    Reads tag:GetResources. ``resources`` are ARNs; one that has no tag at all, or does not exist, fails.

    Example:
        check: aws.tagging.resources_tagged
        with: {resources: ["arn:aws:s3:::uploads-prod"], tags: [Environment, Owner]}

    """
    if not tags:
        return unknown(_SILENT)
    found = aws.resourcegroupstaggingapi.get_resources(ResourceARNList=resources)["ResourceTagMappingList"] if resources else []
    seen = {str(each["ResourceARN"]): each for each in found}

    def tagged(arn: str) -> Verdict:
        if arn not in seen:
            return failed(f"{arn} has no tag at all.")
        missing = _missing(seen[arn], tags)
        return failed(f"{arn} lacks {listed(missing)}.") if missing else passed(f"{arn} has {listed(tags)}.")

    return every("resource", resources, tagged)


def _missing(resource: Answer, tags: list[str]) -> list[str]:
    carried = {str(each["Key"]) for each in resource["Tags"] if each["Value"]}
    return [tag for tag in tags if tag not in carried]
