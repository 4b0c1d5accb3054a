import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.configurations import configuration
from tests.tasks.world import Case

pytestmark = pytest.mark.sandbox

ONE = {"main.tf": 'resource "terraform_data" "a" {\n  input = "x"\n}\n'}
OTHER = {"main.tf": 'resource "terraform_data" "a" {\n  input = "y"\n}\n'}
REPLACED = {"main.tf": 'resource "terraform_data" "a" {\n  input            = "x"\n  triggers_replace = "1"\n}\n'}
TWO = {"main.tf": ONE["main.tf"] + '\nresource "terraform_data" "b" {\n  input = "x"\n}\n'}
NEEDS = {"main.tf": 'variable "zone" {}\n\nvariable "size" {}\n' + ONE["main.tf"]}
EMPTY = {"main.tf": "\n"}
BROKEN = {"main.tf": 'resource "terraform_data" "a" {\n  input = var.nowhere\n}\n'}
UNTIDY = {"main.tf": 'resource "terraform_data" "a" {\ninput="x"\n}\n'}
OUTPUTS = {
    "main.tf": ONE["main.tf"]
    + 'output "url" {\n  value = "https://api.test"\n}\noutput "blank" {\n  value = ""\n}\n'
    + 'output "code" {\n  value     = "open-sesame"\n  sensitive = true\n}\n'
}

FOLDER = {"directory": "infra"}
DENIED = "echo 'Error: Failed to get the state: AccessDenied: User is not authorized to perform s3:GetObject' >&2; exit 1"
REFUSED = "echo 'Error: dial tcp 10.0.0.1:443: connect: connection refused' >&2; exit 1"
NOT_INITIALISED = "echo 'Error: Backend initialization required, please run \"terraform init\"' >&2; exit 1"
GIBBERISH = "echo 'Terraform greets you'"
LOCKED = """cat >&2 <<END
Error: Error acquiring the state lock

Error message: operation error DynamoDB: ConditionalCheckFailedException: The conditional request failed
Lock Info:
  ID:        1da07751-24d8-895a-1d64-7696a7f1cb4c
  Path:      states/infra.tfstate
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.11.4
  Created:   2026-11-21 10:33:25.963330866 +0000 UTC
END
exit 1"""
EMPTY_STATE = 'echo \'{"version": 4, "serial": 3, "lineage": "abc", "resources": [], "outputs": {}}\''


def at(files: Mapping[str, str], **more: Any) -> Any:
    return partial(configuration, files, **more)


def stands_in(program: str, **backend: Any) -> Any:
    """A terraform that only says this, in a folder that was initialised for ``backend``."""
    record = {"backend": {"type": backend.pop("type", "s3"), "config": {"secret_key": "hidden-away", **backend}}}
    return partial(configuration, {".terraform/terraform.tfstate": json.dumps(record)}, program=program)


def case(situation: str, check: str, status: Status, says: str, server: Any, **arguments: Any) -> Case:
    return Case(situation, f"terraform.{check}", arguments, status, says, server=server)


PASSED, FAILED, UNKNOWN = Status.PASSED, Status.FAILED, Status.UNKNOWN
SAME = at(ONE, applied=ONE)
CASES = [
    case("newer", "version_at_least", PASSED, "wanted at least 1.5.0", at({}), minimum="1.5.0"),
    case("that very one", "version_at_least", PASSED, "is 1.6.0",
         at({}, program="echo '{\"terraform_version\": \"1.6.0\"}'"), minimum="1.6"),
    case("older", "version_at_least", FAILED, "wanted at least 99", at({}), minimum="99"),
    case("a test release", "version_at_least", UNKNOWN, "cannot be compared",
         at({}, program="echo '{\"terraform_version\": \"1.6.0-beta1\"}'"), minimum="1.6"),
    case("prints no version", "version_at_least", UNKNOWN, "is not JSON", at({}, program=GIBBERISH), minimum="1.5"),
    case("all set", "variables_set", PASSED, "among 2", at({**NEEDS, "terraform.tfvars": 'zone = "a"\nsize = 2\n'}), **FOLDER),
    case("set by the checklist", "variables_set", PASSED, "among 2", at(NEEDS), variables={"zone": "a", "size": "1"}, **FOLDER),
    case("set by the environment", "variables_set", PASSED, "among 2",
         at(NEEDS, environ={"TF_VAR_zone": "a", "TF_VAR_size": "1"}), **FOLDER),
    case("two unset", "variables_set", FAILED, "zone has no value, size has no value", at(NEEDS), **FOLDER),
    case("one unset", "variables_set", FAILED, "1 unset variables", at(NEEDS), variables={"zone": "a"}, **FOLDER),
    case("none declared", "variables_set", UNKNOWN, "Nothing was there", at(ONE), **FOLDER),
    case("denied", "variables_set", UNKNOWN, "AccessDenied", at(NEEDS, program=DENIED), **FOLDER),
    case("no such folder", "variables_set", FAILED, "no folder 'elsewhere'", at(ONE), directory="elsewhere"),
    case("that one", "workspace_selected", PASSED, "'default'", at(ONE), workspace="default", **FOLDER),
    case("another", "workspace_selected", FAILED, "'default', wanted 'prod'", at(ONE), workspace="prod", **FOLDER),
    case("not by a variable", "workspace_selected", FAILED, "'default', wanted 'prod'",
         at(ONE, environ={"TF_WORKSPACE": "prod"}), workspace="prod", **FOLDER),
    case("breaks", "workspace_selected", UNKNOWN, "refused", at(ONE, program=REFUSED), workspace="prod", **FOLDER),
    case("in S3", "backend_remote", PASSED, "'s3'", stands_in(EMPTY_STATE, bucket="states"), **FOLDER),
    case("in that bucket", "backend_remote", PASSED, "'states'",
         stands_in(EMPTY_STATE, bucket="states"), settings={"bucket": "states"}, **FOLDER),
    case("in another bucket", "backend_remote", FAILED, "'states', wanted 'prod'",
         stands_in(EMPTY_STATE, bucket="states"), settings={"bucket": "prod"}, **FOLDER),
    case("on the disk", "backend_remote", FAILED, "'local', wanted 's3'", at(ONE), **FOLDER),
    case("not initialised", "backend_remote", UNKNOWN, "not initialised",
         at({"main.tf": 'terraform {\n  backend "local" {}\n}\n'}), **FOLDER),
    case("does not answer", "backend_remote", UNKNOWN, "connection refused", stands_in(REFUSED, bucket="states"), **FOLDER),
    case("denied", "backend_remote", UNKNOWN, "AccessDenied", stands_in(DENIED, bucket="states"), **FOLDER),
    case("by a table", "backend_locking", PASSED, "table locks", stands_in(EMPTY_STATE, dynamodb_table="locks"), **FOLDER),
    case("by a lock file", "backend_locking", PASSED, "lock file", stands_in(EMPTY_STATE, use_lockfile=True), **FOLDER),
    case("by another table", "backend_locking", FAILED, "'locks', wanted 'others'",
         stands_in(EMPTY_STATE, dynamodb_table="locks"), table="others", **FOLDER),
    case("not at all", "backend_locking", FAILED, "neither", stands_in(EMPTY_STATE, use_lockfile=False), **FOLDER),
    case("on the disk", "backend_locking", FAILED, "'local', wanted s3", at(ONE), **FOLDER),
    case("not initialised", "backend_locking", UNKNOWN, "not initialised", stands_in(NOT_INITIALISED), **FOLDER),
    case("valid", "valid", PASSED, "is valid", at(ONE), **FOLDER),
    case("a variable that is not there", "valid", FAILED, "Reference to undeclared input variable", at(BROKEN), **FOLDER),
    case("a module that is not installed", "valid", UNKNOWN, "not initialised",
         at({"main.tf": 'module "a" {\n  source = "./a"\n}\n', "a/main.tf": "\n"}), **FOLDER),
    case("says something else", "valid", UNKNOWN, "Terraform greets you", at(ONE, program=GIBBERISH), **FOLDER),
    case("tidy", "formatted", PASSED, "among 1", at(ONE), **FOLDER),
    case("untidy below", "formatted", FAILED, "modules/main.tf", at({**ONE, "modules/main.tf": UNTIDY["main.tf"]}), **FOLDER),
    case("no file", "formatted", UNKNOWN, "Nothing was there", at({"readme.md": "\n"}), **FOLDER),
    case("cannot be read", "formatted", UNKNOWN, "block definition required", at({"main.tf": "resource {{{\n"}), **FOLDER),
    case("adds", "plan_reviewed", PASSED, "1 to add (terraform_data.b)", at(TWO, applied=ONE), **FOLDER),
    case("destroys come first", "plan_reviewed", PASSED, "1 to destroy (terraform_data.b), 1 to change (terraform_data.a)",
         at(OTHER, applied=TWO), **FOLDER),
    case("replaces", "plan_reviewed", PASSED, "1 to replace (terraform_data.a)", at(REPLACED, applied=ONE), **FOLDER),
    case("nothing to do", "plan_reviewed", PASSED, "nothing to change among 1", SAME, **FOLDER),
    case("not valid", "plan_reviewed", UNKNOWN, "undeclared input variable", at(BROKEN), **FOLDER),
    case("a variable is unset", "plan_reviewed", UNKNOWN, "no value for zone, size", at(NEEDS), **FOLDER),
    case("locked by somebody", "plan_reviewed", UNKNOWN,
         "lock 1da07751-24d8-895a-1d64-7696a7f1cb4c of ana@laptop", at(ONE, program=LOCKED), **FOLDER),
    case("another workspace", "plan_reviewed", UNKNOWN, "'default' selected, wanted", at(ONE), workspace="prod", **FOLDER),
    case("no program", "plan_reviewed", FAILED, "install it", at(ONE, environ={"PATH": "/nowhere"}), **FOLDER),
    case("no folder", "plan_reviewed", FAILED, "no folder 'elsewhere'", at(ONE), directory="elsewhere"),
    case("as written", "no_drift", PASSED, "No differences from infra among 1", SAME, **FOLDER),
    case("not applied yet", "no_drift", FAILED, "terraform_data.b (to add)", at(TWO, applied=ONE), **FOLDER),
    case("narrowed by a variable of the environment", "no_drift", FAILED, "terraform_data.b (to add)",
         at(TWO, applied=ONE, environ={"TF_CLI_ARGS_plan": "-target=terraform_data.a"}), **FOLDER),
    case("an output to change", "no_drift", FAILED, "output url", at(OUTPUTS, applied=ONE), **FOLDER),
    case("empty", "no_drift", UNKNOWN, "Nothing was there", at(EMPTY), **FOLDER),
    case("denied", "no_drift", UNKNOWN, "AccessDenied", at(ONE, program=DENIED), **FOLDER),
    case("adds only", "no_destroys", PASSED, "among 2", at(TWO, applied=ONE), **FOLDER),
    case("destroys", "no_destroys", FAILED, "terraform_data.b (destroy)", at(ONE, applied=TWO), **FOLDER),
    case("replaces", "no_destroys", FAILED, "terraform_data.a (replace)", at(REPLACED, applied=ONE), **FOLDER),
    case("may replace that", "no_destroys", PASSED, "among 1",
         at(REPLACED, applied=ONE), allowed=["terraform_data.a"], **FOLDER),
    case("empty", "no_destroys", UNKNOWN, "Nothing was there", at(EMPTY), **FOLDER),
    case("locked", "no_destroys", UNKNOWN, "ana@laptop", at(ONE, program=LOCKED), **FOLDER),
    case("there", "outputs_present", PASSED, "has url, code", at(OUTPUTS, applied=OUTPUTS), names=["url", "code"], **FOLDER),
    case("one is not", "outputs_present", FAILED, "lacks arn", at(OUTPUTS, applied=OUTPUTS), names=["url", "arn"], **FOLDER),
    case("one is blank", "outputs_present", FAILED, "lacks blank", at(OUTPUTS, applied=OUTPUTS), names=["blank"], **FOLDER),
    case("none asked for", "outputs_present", UNKNOWN, "what to look for", at(OUTPUTS), names=[], **FOLDER),
    case("denied", "outputs_present", UNKNOWN, "AccessDenied", at(ONE, program=DENIED), names=["url"], **FOLDER),
    case("there", "state_readable", PASSED, "is 1, wanted at least 1", SAME, **FOLDER),
    case("too few", "state_readable", FAILED, "is 1, wanted at least 2", SAME, resources=2, **FOLDER),
    case("none", "state_readable", FAILED, "is 0, wanted at least 1", at(ONE), **FOLDER),
    case("none yet", "state_readable", PASSED, "is 0", at(ONE), resources=0, **FOLDER),
    case("denied", "state_readable", UNKNOWN, "AccessDenied", at(ONE, program=DENIED), **FOLDER),
    case("no state", "state_readable", UNKNOWN, "lineage", at(ONE, program="echo '{\"serial\": 1}'"), **FOLDER),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
