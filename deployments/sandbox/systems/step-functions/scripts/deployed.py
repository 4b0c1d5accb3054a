"""The deployed workflow of one environment, as its users reach it."""

# ruff: noqa: INP001 - the scripts beside it import it by its name
from __future__ import annotations

import os
import time
from functools import cached_property
from typing import Any

import boto3
import requests

_SECONDS = 30


class Deployed:
    """``environment`` is staging or prod."""

    def __init__(self, environment: str) -> None:
        """Nothing is asked yet."""
        self.environment = environment
        self.name = f"workflow-{environment}"

    @cached_property
    def url(self) -> str:
        """The address of the API's stage."""
        found = boto3.client("apigateway").get_rest_apis(limit=500)["items"]
        api = next(each["id"] for each in found if each["name"] == self.name)
        if "AWS_ENDPOINT_URL" in os.environ:
            return f"{os.environ['AWS_ENDPOINT_URL']}/restapis/{api}/{self.environment}/_user_request_"
        return f"https://{api}.execute-api.{os.environ['AWS_REGION']}.amazonaws.com/{self.environment}"

    @cached_property
    def key(self) -> str:
        """Jira's key of the API."""
        found = boto3.client("apigateway").get_api_keys(nameQuery=f"{self.name}-jira", includeValues=True)["items"]
        return next(str(each["value"]) for each in found if each["name"] == f"{self.name}-jira")

    @cached_property
    def states(self) -> Any:
        """A client to Step Functions."""
        return boto3.client("stepfunctions")

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, *, key: bool = True) -> requests.Response:
        """One request, with Jira's key or as a stranger."""
        headers = {"x-api-key": self.key} if key else {}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=_SECONDS)

    def start(self, issue: str) -> str:
        """Start an execution through the API; its ARN."""
        answer = self.call("POST", "/executions", {"issue": issue})
        answer.raise_for_status()
        return str(answer.json()["execution"])

    def answer(self, issue: str, outcome: str, seconds: float = 20) -> int:
        """Call back as Jira does, once the execution waits; the last status."""
        until = time.monotonic() + seconds
        while True:
            status = self.call("POST", "/callback", {"issue": issue, "outcome": outcome}).status_code
            if status != requests.codes.not_found or time.monotonic() > until:
                return status
            time.sleep(0.1)

    def end(self, execution: str, seconds: float = _SECONDS) -> str:
        """How an execution ended."""
        until = time.monotonic() + seconds
        while True:
            status = str(self.states.describe_execution(executionArn=execution)["status"])
            if status != "RUNNING" or time.monotonic() > until:
                return status
            time.sleep(0.1)
