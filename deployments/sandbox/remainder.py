"""Answers for AWS services that neither emulator has: what the world laid out, operation by operation.

    python -m deployments.sandbox.remainder --port 4700

``PUT /__remainder/answers`` takes ``{"ce.GetCostAndUsage": {…}}`` and adds it to what there is, ``DELETE`` forgets all of it,
``GET`` shows it. An operation without an answer is refused as AWS refuses one that it does not know. X-Ray's sampling rules
can be made, changed and deleted, because templates do so.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .naming import call

PAGE = "/__remainder/answers"
Answer = dict[str, Any]


@dataclass
class Remainder:
    """What is answered, by ``service.Operation``, and the sampling rules by name."""

    answers: dict[str, Answer] = field(default_factory=dict)
    rules: dict[str, Answer] = field(default_factory=dict)

    def answer(self, operation: str, asked: Answer) -> Answer | None:
        """The answer to one operation; None when there is none."""
        if operation == "xray.GetSamplingRules":
            return {"SamplingRuleRecords": [{"SamplingRule": rule} for rule in self.rules.values()]}
        if operation in ("xray.CreateSamplingRule", "xray.UpdateSamplingRule"):
            rule = asked.get("SamplingRule") or asked["SamplingRuleUpdate"]
            self.rules[rule["RuleName"]] = {**self.rules.get(rule["RuleName"], {}), **rule}
            return {"SamplingRuleRecord": {"SamplingRule": self.rules[rule["RuleName"]]}}
        if operation == "xray.DeleteSamplingRule":
            return {"SamplingRuleRecord": {"SamplingRule": self.rules.pop(asked["RuleName"], {})}}
        found = self.answers.get(operation)
        if found and operation == "compute-optimizer.GetLambdaFunctionRecommendations":
            every, wanted = found["lambdaFunctionRecommendations"], asked.get("functionArns", [])
            return {"lambdaFunctionRecommendations": [each for each in every if each["functionArn"] in wanted]}
        return found

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a call of an SDK."""
        body = await request.read()
        found = call(request.method, request.path, request.rel_url.raw_query_string, request.headers, body)
        asked = json.loads(body) if body else {}
        answer = self.answer(found.name, asked)
        if answer is None:
            problem = {"__type": "UnknownOperationException", "message": f"{found.name} is not answered here."}
            return web.json_response(problem, status=400, headers={"x-amzn-ErrorType": "UnknownOperationException"})
        return web.json_response(answer)

    async def show(self, _request: web.Request) -> web.Response:
        """What was laid out."""
        return web.json_response(self.answers)

    async def add(self, request: web.Request) -> web.Response:
        """Lay out more."""
        self.answers |= await request.json()
        return web.json_response(self.answers)

    async def forget(self, _request: web.Request) -> web.Response:
        """Begin with nothing."""
        self.answers.clear()
        self.rules.clear()
        return web.json_response({})


def application() -> web.Application:
    """Assemble the server."""
    remainder = Remainder()
    app = web.Application()
    app.add_routes(
        [
            web.get(PAGE, remainder.show),
            web.put(PAGE, remainder.add),
            web.delete(PAGE, remainder.forget),
            web.route("*", "/{path:.*}", remainder.handle),
        ]
    )
    return app


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="AWS services that neither emulator has.")
    parser.add_argument("--port", type=int, required=True)
    web.run_app(application(), host="127.0.0.1", port=parser.parse_args().port, print=None, access_log=None)


if __name__ == "__main__":
    main()
