"""What runs: functions, state machines, and the rules that start them by the clock."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from .kind import Clients, Settings, arn, found, mapping, pairs, removed

_CODE = "CodeDigest"


class Function:
    """``code`` are the files by their names, ``role`` the ARN of the role, ``concurrency`` what is reserved (0: nothing)."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the function, or update its configuration and its code."""
        client = clients("lambda")
        wished = _configuration(settings)
        if found(lambda: client.get_function_configuration(FunctionName=name)) is None:
            client.create_function(FunctionName=name, Code={"ZipFile": _zipped(settings["code"])}, **wished)
        else:
            client.update_function_configuration(FunctionName=name, **wished)
            client.update_function_code(FunctionName=name, ZipFile=_zipped(settings["code"]))
        if settings.get("concurrency"):
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=settings["concurrency"])
        else:
            removed(lambda: client.delete_function_concurrency(FunctionName=name))
        address = arn("lambda", f"function:{name}")
        client.tag_resource(Resource=address, Tags={**settings["tags"], _CODE: _digest(settings["code"])})
        for service in settings.get("callers", []):
            removed(lambda each=service: client.remove_permission(FunctionName=name, StatementId=each.split(".")[0]))  # type: ignore[misc]
            client.add_permission(
                FunctionName=name, StatementId=service.split(".")[0], Action="lambda:InvokeFunction", Principal=service
            )
        return address

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """The configuration, what is reserved, the tags; the code as it is when its digest is the one it was put with."""
        client = clients("lambda")
        there = found(lambda: client.get_function(FunctionName=name))
        if there is None:
            return None
        now = there["Configuration"]
        tags = client.list_tags(Resource=arn("lambda", f"function:{name}"))["Tags"]
        reserved = client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0)
        vpc = now.get("VpcConfig") or {}
        every = {
            "role": now["Role"],
            "handler": now["Handler"],
            "runtime": now["Runtime"],
            "memory": now["MemorySize"],
            "timeout": now["Timeout"],
            "environment": now.get("Environment", {}).get("Variables", {}),
            "tracing": now.get("TracingConfig", {}).get("Mode", "PassThrough"),
            "layers": [each["Arn"] for each in now.get("Layers", [])],
            "subnets": vpc.get("SubnetIds", []),
            "security_groups": vpc.get("SecurityGroupIds", []),
            "concurrency": reserved,
            "code": settings["code"] if tags.pop(_CODE, "") == _digest(settings["code"]) else {},
            "tags": tags,
            "callers": settings.get("callers", []),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the function."""
        removed(lambda: clients("lambda").delete_function(FunctionName=name))


class Machine:
    """``definition`` in the Amazon States Language, ``role`` the ARN of its role, ``tracing`` whether X-Ray sees it."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the state machine, or update it."""
        client = clients("stepfunctions")
        address = arn("states", f"stateMachine:{name}")
        wished = {
            "definition": json.dumps(settings["definition"]),
            "roleArn": settings["role"],
            "tracingConfiguration": {"enabled": settings["tracing"]},
        }
        tags = pairs(settings["tags"], "key", "value")
        if found(lambda: client.describe_state_machine(stateMachineArn=address)) is None:
            client.create_state_machine(name=name, type=settings.get("type", "STANDARD"), tags=tags, **wished)
        else:
            client.update_state_machine(stateMachineArn=address, **wished)
            client.tag_resource(resourceArn=address, tags=tags)
        return address

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Definition, role, tracing, tags."""
        client = clients("stepfunctions")
        address = arn("states", f"stateMachine:{name}")
        now = found(lambda: client.describe_state_machine(stateMachineArn=address))
        if now is None:
            return None
        every = {
            "definition": json.loads(now["definition"]),
            "role": now["roleArn"],
            "tracing": now.get("tracingConfiguration", {}).get("enabled", False),
            "type": now["type"],
            "tags": mapping(client.list_tags_for_resource(resourceArn=address)["tags"], "key", "value"),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the state machine."""
        address = arn("states", f"stateMachine:{name}")
        removed(lambda: clients("stepfunctions").delete_state_machine(stateMachineArn=address))


class Schedule:
    """A rule that starts ``target`` by ``expression``, such as rate(1 hour), with the role ``role``, while ``enabled``."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Put the rule and its target."""
        client = clients("events")
        state = "ENABLED" if settings["enabled"] else "DISABLED"
        client.put_rule(Name=name, ScheduleExpression=settings["expression"], State=state)
        client.put_targets(Rule=name, Targets=[{"Id": "target", "Arn": settings["target"], "RoleArn": settings["role"]}])
        address = arn("events", f"rule/{name}")
        client.tag_resource(ResourceARN=address, Tags=pairs(settings["tags"]))
        return address

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """The rule, its target, its tags."""
        client = clients("events")
        now = found(lambda: client.describe_rule(Name=name))
        if now is None:
            return None
        targets: list[dict[str, Any]] = client.list_targets_by_rule(Rule=name)["Targets"]
        every = {
            "expression": now["ScheduleExpression"],
            "enabled": now["State"] == "ENABLED",
            "target": targets[0]["Arn"] if targets else "",
            "role": targets[0].get("RoleArn", "") if targets else "",
            "tags": mapping(client.list_tags_for_resource(ResourceARN=arn("events", f"rule/{name}"))["Tags"]),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the rule with its target."""
        client = clients("events")
        removed(lambda: client.remove_targets(Rule=name, Ids=["target"]), lambda: client.delete_rule(Name=name))


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "Role": settings["role"],
        "Handler": settings["handler"],
        "Runtime": settings["runtime"],
        "MemorySize": settings["memory"],
        "Timeout": settings["timeout"],
        "Environment": {"Variables": settings["environment"]},
        "TracingConfig": {"Mode": settings["tracing"]},
        "Layers": settings["layers"],
        "VpcConfig": {"SubnetIds": settings["subnets"], "SecurityGroupIds": settings["security_groups"]},
    }


def _zipped(code: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in code.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # the same code is the same archive, whenever it is packed
    return held.getvalue()


def _digest(code: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()[:32]
