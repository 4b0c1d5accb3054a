"""Services that neither emulator has: what was laid out is answered, what was not is refused, rules come and go."""

from __future__ import annotations

import pytest

from deployments.sandbox.remainder import Remainder

RULE = {"RuleName": "calendar-prod", "FixedRate": 0.05, "Priority": 100}


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        pytest.param("ce.GetCostAndUsage", {"ResultsByTime": []}, id="laid out"),
        pytest.param("ce.GetAnomalies", None, id="not laid out"),
        pytest.param("xray.GetSamplingRules", {"SamplingRuleRecords": []}, id="no rule yet"),
    ],
)
def test_what_was_laid_out_is_answered_and_nothing_else(operation: str, answer: object) -> None:
    assert Remainder({"ce.GetCostAndUsage": {"ResultsByTime": []}}).answer(operation, {}) == answer


def test_sampling_rules_are_made_changed_and_removed() -> None:
    remainder = Remainder()
    remainder.answer("xray.CreateSamplingRule", {"SamplingRule": RULE})
    remainder.answer("xray.UpdateSamplingRule", {"SamplingRuleUpdate": {"RuleName": "calendar-prod", "FixedRate": 0.1}})
    changed = remainder.answer("xray.GetSamplingRules", {})
    remainder.answer("xray.DeleteSamplingRule", {"RuleName": "calendar-prod"})

    assert changed == {"SamplingRuleRecords": [{"SamplingRule": {**RULE, "FixedRate": 0.1}}]}
    assert remainder.answer("xray.GetSamplingRules", {}) == {"SamplingRuleRecords": []}


def test_recommendations_are_those_of_the_functions_that_were_asked_about() -> None:
    laid = {"lambdaFunctionRecommendations": [{"functionArn": "a"}, {"functionArn": "b"}]}
    operation = "compute-optimizer.GetLambdaFunctionRecommendations"
    found = Remainder({operation: laid}).answer(operation, {"functionArns": ["b"]})

    assert found == {"lambdaFunctionRecommendations": [{"functionArn": "b"}]}
