"""Deploy one environment: look up what the account has, publish the code, create or update the stacks.

    python3 infrastructure/deploy.py -e prod --version 1.4.0 [--dry-run]

With --dry-run nothing is changed, and the plan is printed and written to reports/plan-<environment>.txt. Exit status 0 when
the stacks stand in the wanted version, 1 when they do not.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import app
import stacks
from data import recovery
from settings import Found, Settings, read

ROOT = Path(__file__).parents[1]
# A zip entry carries a date; a fixed one keeps the archive, and so its key, the same for the same code.
ZIP_DATE = (2020, 1, 1, 0, 0, 0)


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted((ROOT / "src").rglob("*.py")):
            packed.writestr(zipfile.ZipInfo(str(path.relative_to(ROOT / "src")), ZIP_DATE), path.read_bytes())
    return buffer.getvalue()


def code_of(settings: Settings, content: bytes) -> dict[str, str]:
    return {"S3Bucket": settings.assets, "S3Key": f"kalendlytic/{hashlib.sha256(content).hexdigest()[:32]}.zip"}


def looked_up(settings: Settings) -> Found:
    """The network and the certificate that the platform team has laid out; SystemExit when there is none."""
    certificates = boto3.client("acm", region_name="us-east-1").list_certificates()["CertificateSummaryList"]
    covering = [each["CertificateArn"] for each in certificates if covers(each["DomainName"], settings.domain)]
    if not covering:
        raise SystemExit(f"There is no certificate for {settings.domain} in us-east-1.")
    if not settings.vpc:
        return Found(certificate=covering[0])
    ec2 = boto3.client("ec2", region_name=settings.region)
    named = [{"Name": "tag:Name", "Values": [settings.name("kalendlytic")]}]
    networks = ec2.describe_vpcs(Filters=named)["Vpcs"]
    if not networks:
        raise SystemExit(f"There is no VPC {settings.name('kalendlytic')}.")
    inside = {"Name": "vpc-id", "Values": [networks[0]["VpcId"]]}
    subnets = ec2.describe_subnets(Filters=[inside])["Subnets"]
    group = {"Name": "group-name", "Values": [settings.name("kalendlytic-functions")]}
    groups = ec2.describe_security_groups(Filters=[inside, group])["SecurityGroups"]
    return Found(tuple(sorted(each["SubnetId"] for each in subnets)), tuple(each["GroupId"] for each in groups), covering[0])


def covers(certificate: str, domain: str) -> bool:
    return certificate in (domain, f"*.{domain.partition('.')[2]}")


def plan(cloudformation: Any, settings: Settings, wanted: str) -> list[str]:
    """What the deployment would change, a line a resource."""
    stack = stacks.described(cloudformation, settings.stack)
    current = json.loads(stacks.body(cloudformation, settings.stack))["Resources"] if stack else {}
    resources = json.loads(wanted)["Resources"]
    lines = [f"Stack {settings.stack}: {stacks.version(stack) or 'absent'} -> {settings.version}"]
    for logical in sorted({*current, *resources}):
        if logical not in current:
            lines.append(f"+ {logical} ({resources[logical]['Type']})")
        elif logical not in resources:
            lines.append(f"- {logical} ({current[logical]['Type']})")
        elif current[logical] != resources[logical]:
            lines.append(f"~ {logical} ({resources[logical]['Type']})")
    return lines


def show_plan(settings: Settings, lines: list[str]) -> int:
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    (reports / f"plan-{settings.environment}.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


def tags(settings: Settings) -> list[dict[str, str]]:
    found = {"System": "kalendlytic", "Environment": settings.environment, "Version": settings.version}
    if os.environ.get("GATES_RELEASE"):
        found["Release"] = os.environ["GATES_RELEASE"]
    return [{"Key": key, "Value": value} for key, value in found.items()]


def remember(cloudformation: Any, s3: Any, settings: Settings) -> None:
    """Keep what rollback.py will need: the template and tags that this deployment replaces."""
    stack = stacks.described(cloudformation, settings.stack)
    noted = {
        "to": settings.version,
        "release": os.environ.get("GATES_RELEASE", ""),
        "template": stacks.body(cloudformation, settings.stack) if stack else "",
        "tags": stack.get("Tags", []) if stack else [],
    }
    s3.put_object(Bucket=settings.assets, Key=previous(settings), Body=json.dumps(noted).encode())


def previous(settings: Settings) -> str:
    return f"kalendlytic/{settings.environment}/previous.json"


def deploy(settings: Settings, *, dry_run: bool) -> int:
    cloudformation = boto3.client("cloudformation", region_name=settings.region)
    s3 = boto3.client("s3", region_name=settings.region)
    content = archive()
    code = code_of(settings, content)
    wanted = json.dumps(app.template(settings, looked_up(settings), code), separators=(",", ":"))
    if dry_run:
        return show_plan(settings, plan(cloudformation, settings, wanted))
    s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=content)
    if settings.secondary_region:
        far = boto3.client("cloudformation", region_name=settings.secondary_region)
        status = stacks.put(far, f"{settings.stack}-recovery", json.dumps(recovery(settings)), [])
        if status not in stacks.GOOD:
            print(f"{settings.stack}-recovery in {settings.secondary_region} is {status}.")
            return 1
    remember(cloudformation, s3, settings)
    status = stacks.put(cloudformation, settings.stack, wanted, tags(settings))
    print(f"{settings.stack} is {status}.")
    return 0 if status in stacks.GOOD else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/deploy.sh", description="Deploy Kalendlytic.")
    parser.add_argument("-e", dest="environment", required=True)
    parser.add_argument("--version", default="unreleased")
    parser.add_argument("--dry-run", action="store_true")
    arguments = parser.parse_args()
    settings = read(arguments.environment, arguments.version)
    try:
        return deploy(settings, dry_run=arguments.dry_run)
    except (BotoCoreError, ClientError) as error:
        print(f"{settings.stack} was not deployed: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
