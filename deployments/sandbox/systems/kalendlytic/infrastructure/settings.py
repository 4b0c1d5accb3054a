"""What one environment's configuration file says, and what is looked up in its account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).parents[1] / "config" / "environments"
Resource = dict[str, object]


@dataclass(frozen=True)
class Settings:
    environment: str
    version: str
    account: str
    region: str
    secondary_region: str
    domain: str
    zone: str
    alarm_email: str
    chatbot: bool
    log_level: str
    log_retention_days: int
    billing: str
    backup_days: int
    mfa: str
    vpc: bool
    cors: tuple[str, ...]
    cache: bool
    rate: float
    burst: int
    concurrency: int

    @property
    def stack(self) -> str:
        return f"Kalendlytic-{self.environment}"

    @property
    def assets(self) -> str:
        return f"cdk-hnb659fds-assets-{self.account}-{self.region}"

    @property
    def tables(self) -> tuple[str, str]:
        return (self.name("kalendlytic-events"), self.name("kalendlytic-preferences"))

    def name(self, thing: str) -> str:
        return f"{thing}-{self.environment}"

    def bucket(self, thing: str) -> str:
        return f"kalendlytic-{thing}-{self.environment}-{self.account}"

    def function(self, thing: str) -> str:
        return f"kalendlytic-{self.environment}-{thing}"

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True)
class Found:
    """What the platform team has laid out in the account: network and certificate."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    certificate: str = "arn:aws:acm:us-east-1:000000000000:certificate/unknown"


def read(environment: str, version: str) -> Settings:
    """Read config/environments/<environment>.json; SystemExit with one sentence when it is missing or incomplete."""
    path = CONFIG / f"{environment}.json"
    try:
        fields = json.loads(path.read_text())
        return Settings(
            environment=environment,
            version=version,
            account=fields["account"],
            region=fields["region"],
            secondary_region=fields["secondaryRegion"],
            domain=fields["domain"],
            zone=fields["zone"],
            alarm_email=fields["alarmEmail"],
            chatbot=fields["chatbot"],
            log_level=fields["logLevel"],
            log_retention_days=fields["logRetentionDays"],
            billing=fields["billing"],
            backup_days=fields["backupDays"],
            mfa=fields["mfa"],
            vpc=fields["vpc"],
            cors=tuple(fields["cors"]),
            cache=fields["cache"],
            rate=fields["throttling"]["rate"],
            burst=fields["throttling"]["burst"],
            concurrency=fields["concurrency"],
        )
    except FileNotFoundError:
        raise SystemExit(f"config/environments/{path.name} does not exist: copy another environment's and fill it in.")
    except KeyError as missing:
        raise SystemExit(f"config/environments/{path.name} lacks {missing}.")
