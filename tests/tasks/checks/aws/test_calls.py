"""The tables' worlds are AWS's own: the SDK takes every call, the check's permissions allow it, answers are as AWS sends."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

from tasks.core.registry import catalogue
from tests.tasks import iam, world
from tests.tasks.checks import aws
from tests.tasks.world import Case, FakeClient

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "long": (int,), "float": (int, float), "double": (int, float), "boolean": (bool,),
    "timestamp": (datetime,), "structure": (Mapping,), "list": (list, tuple), "map": (Mapping,),
}  # fmt: skip
# The SDK decodes these documents although their model says text.
_DECODED = {"policyDocumentType", "TemplateBody"}
# boto3's own names, for paging and for what botocore adds to an answer.
_OF_THE_SDK = {"PaginationConfig", "ResponseMetadata"}


def cases() -> Iterator[Case]:
    for module in pkgutil.iter_modules(aws.__path__, prefix=f"{aws.__name__}."):
        if not module.name.endswith("test_calls"):
            yield from getattr(importlib.import_module(module.name), "CASES", [])


@cache
def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@cache
def operations(service: str) -> Mapping[str, str]:
    return {xform_name(name): name for name in model(service).operation_names}


def strangers(shape: Shape, answer: Any, path: str = "") -> Iterator[str]:
    """The fields of ``answer`` that AWS does not send, or sends as another kind of value."""
    if answer is None or shape.name in _DECODED:
        return
    if not isinstance(answer, _KINDS.get(shape.type_name, (object,))):
        yield f"{path} is {type(answer).__name__}, not {shape.type_name}"
    elif shape.type_name == "structure":
        for name, value in answer.items():
            yield from strangers(shape.members[name], value, f"{path}.{name}") if name in shape.members else [f"{path}.{name}"]
    elif shape.type_name == "list":
        for each in answer:
            yield from strangers(shape.member, each, f"{path}[]")
    elif shape.type_name == "map":
        for value in answer.values():
            yield from strangers(shape.value, value, f"{path}{{}}")


@cache
def kept_by_paging(service: str, operation: str) -> frozenset[str] | None:
    """The fields that are left of an answer whose pages boto3 has put together; None where it has no pages."""
    try:
        pages = botocore.session.get_session().get_paginator_model(service).get_paginator(operation)
    except (ValueError, UnknownServiceError, DataNotFoundError):
        return None
    results = pages["result_key"] if isinstance(pages["result_key"], list) else [pages["result_key"]]
    return frozenset(each.partition(".")[0] for each in [*results, *pages.get("non_aggregate_keys", [])])


class RealClient(FakeClient):
    """The fake, looked at by the SDK's own description of the service. ``allowed`` are the IAM actions of the check."""

    allowed: ClassVar[tuple[str, ...]] = ()

    def __getattr__(self, operation: str) -> Any:
        fake = super().__getattr__(operation)

        def ask(**parameters: Any) -> Any:
            described = model(self.service).operation_model(operations(self.service)[operation])
            asked = {name: value for name, value in parameters.items() if name not in _OF_THE_SDK}
            mistakes = ParamValidator().validate(asked, described.input_shape) if described.input_shape else None
            assert not mistakes or not mistakes.has_errors(), f"{operation}: {mistakes.generate_report()}"
            assert iam.action(model(self.service).signing_name, operations(self.service)[operation]) in self.allowed
            answer = fake(**parameters)
            unknown = [f"{operation}{each}" for each in strangers(described.output_shape, answer)]
            kept = kept_by_paging(self.service, operations(self.service)[operation])
            lost = [] if kept is None else [f"{operation}.{name} is lost in paging" for name in answer if name not in kept]
            assert unknown + lost == []
            return answer

        return ask


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_the_calls_are_declared_and_the_sdk_takes_them_and_sends_such_answers(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "FakeClient", RealClient)
    monkeypatch.setattr(RealClient, "allowed", catalogue()[case.check].permissions)

    assert case.verdict(tmp_path).status is case.status
