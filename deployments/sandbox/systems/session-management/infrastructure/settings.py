"""What one environment's configuration file says, and what every environment shares."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).parent / "config"
REQUIRED = ("account", "region", "cognitoUserPoolId", "cognitoClientId", "alarmEmail", "logRetentionDays", "throttling")
NAMESPACE = "SessionManagement"


@dataclass(frozen=True)
class Settings:
    environment: str
    version: str
    account: str
    region: str
    user_pool: str
    client: str
    alarm_email: str
    log_retention_days: int
    rate_limit: int
    burst_limit: int

    @property
    def stack(self) -> str:
        return f"SessionManagement-{self.environment}"

    def name(self, thing: str) -> str:
        return f"{thing}-{self.environment}"


def read(environment: str, version: str) -> Settings:
    """Read config/<environment>.json; SystemExit with one sentence when it is missing or incomplete."""
    path = CONFIG / f"{environment}.json"
    try:
        fields = json.loads(path.read_text())
    except FileNotFoundError:
        raise SystemExit(
            f"infrastructure/config/{path.name} does not exist: copy another environment's and fill it in."
        )
    missing = [field for field in REQUIRED if field not in fields]
    if missing:
        raise SystemExit(f"infrastructure/config/{path.name} lacks {', '.join(missing)}.")
    return Settings(
        environment=environment,
        version=version,
        account=fields["account"],
        region=fields["region"],
        user_pool=fields["cognitoUserPoolId"],
        client=fields["cognitoClientId"],
        alarm_email=fields["alarmEmail"],
        log_retention_days=fields["logRetentionDays"],
        rate_limit=fields["throttling"]["rateLimit"],
        burst_limit=fields["throttling"]["burstLimit"],
    )
