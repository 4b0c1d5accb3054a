"""From a checklist and a request to the frozen plan."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.binding import Request, bind, refuse_unrunnable
from checklists.plan import Call, Late, Plan, PlanItem
from tasks.core.errors import DefinitionError, DefinitionErrors
from tests.checklists.texts import HEAD, bound, loaded, small

pytestmark = pytest.mark.usefixtures("rehearsal")

WHOLE = (
    HEAD
    + """\
phases:
  - phase: validate
    title: Before
    sections:
      - title: Testing
        items:
          - item: Tests pass
            line: 3
            check: rehearsal.ping
            with: {name: "{{ hosts }}", count: "{{ sizes[0] }}"}
            capture: {arn: Arn}
          - item: Region chosen
            line: 4
            approve: {by: deployer, why: A choice, fields: [{name: notes, title: Notes, required: false}]}
            items:
              - item: Child
                line: 5
                check: rehearsal.probe
                with: {name: "{{ captured.arn }}-{{ suffix }}", many: "{{ sizes | map('string') | list }}"}
  - phase: deploy
    title: Deployment
    sections:
      - title: Testing
        environments: [production]
        items:
          - {step: Deploy, action: rehearsal.change, with: {target: "{{ checklist }}-{{ version }}"}}
          - {item: Tests pass, line: 9, check: rehearsal.probe, with: {name: x}}
      - title: Domain
        when: custom_domain != ""
        items:
          - item: Domain
            line: 10
            items:
              - {item: Inner, line: 11, check: rehearsal.probe, with: {name: "{{ custom_domain }}"}}
          - item: Late
            id: late
            line: 12
            when: outcome("testing/tests-pass") == "PASSED" and refresh
            approve: {by: deployer}
sign_off:
  - title: Production Environment
    items:
      - {item: Done, line: 20, approve: {by: manager}}
rollback:
  decide_by: manager
  reasons: [Errors]
  steps:
    - title: Execute
      items:
        - {step: First look, check: rehearsal.probe, with: {name: x}}
        - {step: Then act, action: rehearsal.change, with: {target: x}}
post_deployment:
  - title: First day
    id: first-day
    after: 1h
    every: 6h
    until: 24h
    sections:
      - title: First day
        items:
          - {step: Still there, check: rehearsal.probe, with: {name: "{{ captured.arn }}"}}
"""
)


def by_id(plan: Plan) -> dict[str, PlanItem]:
    return {item.id: item for item in plan.items()}


def test_the_plan_says_what_the_request_said(tmp_path: Path) -> None:
    plan = bound(tmp_path, WHOLE, "production", region="eu-west-1")

    assert (plan.checklist, plan.environment, plan.version, plan.requested_by, plan.change_ticket) == (
        "small", "production", "1.2.0", "rita", "CHG-7",
    )  # fmt: skip
    assert plan.parameters == {"region": "eu-west-1", "custom_domain": "", "refresh": True, "hosts": "alpha"}
    assert plan.workspace == "small"
    assert (plan.policy.on_failure, plan.policy.recheck_every, plan.policy.hold_expires) == ("roll back", 10, 604800)
    assert (plan.policy.waive_by, plan.rollback.decide_by, plan.rollback.reasons) == ("manager", "manager", ("Errors",))
    assert plan.digest == loaded(tmp_path, WHOLE).digest


def test_ids_are_made_of_the_words_and_sections_of_one_title_are_numbered(tmp_path: Path) -> None:
    assert list(by_id(bound(tmp_path, WHOLE))) == [
        "testing/tests-pass", "testing/region-chosen", "testing/child",
        "testing-2/deploy", "testing-2/tests-pass", "domain/domain", "domain/inner", "late",
        "production-environment/done", "execute/then-act", "execute/first-look", "first-day/still-there",
    ]  # fmt: skip


def test_arguments_are_rendered_and_keep_their_types(tmp_path: Path) -> None:
    items = by_id(bound(tmp_path, WHOLE, "production"))

    assert items["testing/tests-pass"].checks == (Call(id="rehearsal.probe", arguments={"name": "alpha", "count": 3}),)
    assert items["testing-2/deploy"].action == Call(id="rehearsal.change", arguments={"target": "small-1.2.0"})


def test_what_needs_a_captured_fact_is_rendered_late(tmp_path: Path) -> None:
    (call,) = by_id(bound(tmp_path, WHOLE))["testing/child"].checks

    assert call.arguments == {"many": ["1", "2"]}
    assert call.late == {"name": Late(template="{{ captured.arn }}-{{ suffix }}", values={"suffix": "stage"})}


def test_items_know_their_line_section_depth_children_and_blanks(tmp_path: Path) -> None:
    items = by_id(bound(tmp_path, WHOLE))
    parent, child = items["testing/region-chosen"], items["testing/child"]

    assert (parent.line, parent.section, parent.depth, parent.children) == (4, "Testing", 0, ("testing/child",))
    assert (child.line, child.section, child.depth, child.children) == (5, "Testing", 1, ())
    assert parent.ask is not None
    assert (parent.ask.by, parent.ask.why, [blank.title for blank in parent.ask.blanks]) == ("deployer", "A choice", ["Notes"])


@pytest.mark.parametrize(
    ("environment", "answers", "item", "skip"),
    [
        ("staging", {}, "testing-2/tests-pass", "Applies to production only; this release goes to staging."),
        ("production", {}, "testing-2/tests-pass", ""),
        ("staging", {}, "domain/domain", "Not asked for: custom_domain is ''."),
        ("staging", {}, "domain/inner", "Not asked for: custom_domain is ''."),
        ("staging", {"custom_domain": "x.example"}, "domain/inner", ""),
        ("staging", {"custom_domain": "x.example", "refresh": False}, "late", "Not asked for: refresh is false."),
    ],
)
def test_an_item_that_does_not_apply_says_why_and_runs_nothing(
    tmp_path: Path, environment: str, answers: dict[str, Any], item: str, skip: str
) -> None:
    found = by_id(bound(tmp_path, WHOLE, environment, **answers))[item]

    assert found.skip == skip
    assert not skip or not (found.checks or found.action or found.ask or found.capture)


def test_what_only_outcomes_can_decide_stays_a_condition(tmp_path: Path) -> None:
    late = by_id(bound(tmp_path, WHOLE, custom_domain="x.example"))["late"]

    assert (late.skip, late.when, late.values) == ("", "outcome('testing/tests-pass') == 'PASSED'", {})


def test_phases_are_cut_and_the_sign_off_is_the_last(tmp_path: Path) -> None:
    plan = bound(tmp_path, WHOLE, "production")

    assert [(phase.kind, phase.title, len(phase.gates)) for phase in plan.phases] == [
        ("validate", "Before", 1), ("deploy", "Deployment", 1), ("sign-off", "Sign-Off", 1),
    ]  # fmt: skip
    assert [item.id for item in plan.phases[1].gates[0].actions] == ["testing-2/deploy"]
    assert [item.id for item in plan.rollback.steps.actions] == ["execute/then-act"]
    assert [item.id for item in plan.rollback.steps.items] == ["execute/first-look"]


@pytest.mark.parametrize(
    ("timing", "times"),
    [
        ("after: 24h", [86400]),
        ("after: 1h, every: 6h, until: 24h", [3600, 25200, 46800, 68400]),
        ("after: 1h, every: 1h, until: 3h", [3600, 7200, 10800]),
        ("after: 24h, every: 24h, until: 48h", [86400, 172800]),
        ("after: 2h, every: 1h, until: 1h", [7200]),
        ("after: 1s, every: 1s, until: 4w", list(range(1, 201))),
        ("after: 1s, every: 0s, until: 3s", [1, 2, 3]),
    ],
)
def test_a_block_runs_at_its_times(tmp_path: Path, timing: str, times: list[int]) -> None:
    sections = "[{title: D, items: [{step: s, approve: {by: manager}}]}]"
    text = WHOLE[: WHOLE.index("post_deployment")] + f"post_deployment: [{{title: D, id: d, {timing}, sections: {sections}}}]"

    (block,) = bound(tmp_path, text).post_deployment

    assert list(block.times) == times
    assert block.decide_by == "manager"


@pytest.mark.parametrize(
    ("request_", "sentences"),
    [
        (Request("prod", "1", "rita"), ["The checklist 'small' has no environment 'prod'; did you mean 'production'?"]),
        (Request("xyz", "1", "rita"), ["The checklist 'small' has no environment 'xyz'. It has staging, production."]),
        (Request("staging", "", "rita"), ["The version '' is not allowed; use up to 64 letters, digits and . _ + -"]),
        (Request("staging", "1; rm -rf", "rita"), ["The version '1; rm -rf' is not allowed"]),
        (Request("staging", "-1", "rita"), ["The version '-1' is not allowed"]),
        (Request("staging", "1\n", "rita"), ["The version '1\n' is not allowed"]),
        (Request("staging", "x" * 65, "rita"), ["is not allowed"]),
        (Request("staging", "1", " "), ["Who requests the release must be named"]),
        (Request("staging", "1", "rita\nben"), ["The text of 'requested by' must be one line of plain text"]),
        (Request("staging", "1", "rita", "CHG\x1b[2J"), ["The text of 'change ticket' must be one line of plain text"]),
        (
            Request("staging", "1", "rita", answers={"regoin": "x", "refresh": "perhaps"}),
            [
                "The checklist has no parameter 'regoin'; did you mean 'region'?",
                "The parameter 'refresh' wants true or false, not 'perhaps'.",
            ],
        ),
        (Request("staging", "1", "rita", answers={"region": 5}), ["The parameter 'region' wants a text, not 5."]),
        (Request("staging", "1", "rita", answers={"region": "a\nb"}), ["The parameter 'region' holds control characters"]),
        (Request("staging", "1", "rita", answers={"region": {}}), ["The parameter 'region' wants a text, not {}."]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_request_that_cannot_be_met_is_refused(tmp_path: Path, request_: Request, sentences: list[str]) -> None:
    with pytest.raises(DefinitionErrors) as error:
        bind(loaded(tmp_path, WHOLE), request_)

    assert len(error.value.errors) == len(sentences)
    assert all(sentence in told.message for sentence, told in zip(sentences, error.value.errors, strict=True))


PARAMETERS = {
    "days": "{type: integer, default: 1, minimum: 1, maximum: 30}",
    "share": "{type: number, default: 0.5}",
    "size": "{type: choice, choices: [small, large], default: small}",
    "account": "{required: true, pattern: '[0-9]{12}'}",
}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "The parameter 'account' must be given: a text."),
        ({"account": ""}, "The parameter 'account' must be given: a text."),
        ({"account": None}, "The parameter 'account' must be given: a text."),
        ({"account": "123"}, "The parameter 'account' is '123', which does not match the pattern [0-9]{12}."),
        ({"account": 123456789012}, "The parameter 'account' wants a text, not 123456789012."),
        ({"days": 0}, "The parameter 'days' is 0; at least 1 is allowed."),
        ({"days": "31"}, "The parameter 'days' is 31; at most 30 is allowed."),
        ({"days": 1.5}, "The parameter 'days' wants a whole number, not 1.5."),
        ({"days": True}, "The parameter 'days' wants a whole number, not true."),
        ({"days": "many"}, "The parameter 'days' wants a whole number, not 'many'."),
        ({"share": "nan"}, "The parameter 'share' wants a number, not NaN."),
        ({"size": "big"}, "The parameter 'size' wants one of small or large, not 'big'."),
        ({"days": "7", "share": "0.25", "size": "large"}, {"days": 7, "share": 0.25, "size": "large"}),
        ({"days": None}, {"days": 1, "share": 0.5, "size": "small"}),
    ],
    ids=str,
)
def test_answers_are_fitted_to_their_parameters(tmp_path: Path, answers: dict[str, Any], expected: Any) -> None:
    text = small("- {item: One, approve: {by: deployer}}").replace(
        "parameters:\n", "parameters:\n" + "".join(f"  {name}: {shape}\n" for name, shape in PARAMETERS.items())
    )
    given_ = answers if "account" in answers or not answers else {"account": "123456789012", **answers}

    try:
        parameters = bound(tmp_path, text, **given_).parameters
    except DefinitionErrors as error:
        assert expected == str(error)  # noqa: PT017
    else:
        assert expected == {name: parameters[name] for name in ("days", "share", "size")}


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ('count: "{{ sizes }}"', "The argument 'count' of rehearsal.probe wants a whole number, not [3]."),
        ('count: "{{ 1 // (sizes[0] - 3) }}"', "The template `{{ 1 // (sizes[0] - 3) }}` cannot be rendered: "),
        ('mode: "{{ region }}"', "The argument 'mode' of rehearsal.probe wants one of quick or slow, not 'us-east-1'."),
    ],
)
def test_a_rendered_argument_that_does_not_fit_is_told_at_its_line(tmp_path: Path, item: str, sentence: str) -> None:
    text = small(f"- item: One\n  check: rehearsal.probe\n  with:\n    name: x\n    {item}\n")

    with pytest.raises(DefinitionErrors) as error:
        bound(tmp_path, text, "production")

    assert str(error.value).startswith(f"{tmp_path}/small.yaml:{len(text.splitlines())}: {sentence}")


def test_a_fact_that_this_release_never_captures_is_refused(tmp_path: Path) -> None:
    text = small("""\
        - {item: One, environments: [production], check: rehearsal.probe, with: {name: x}, capture: {arn: Arn}}
        - {item: Two, check: rehearsal.probe, with: {name: "{{ captured.arn }}"}}
        """)

    assert bound(tmp_path, text, "production").items()
    with pytest.raises(DefinitionErrors, match=r"small\.yaml:\d+: No item that applies to this release captures 'arn'\."):
        bound(tmp_path, text, "staging")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"format": 0},
            "The plan has format 0 and this code runs format 1; finish or abort the release with the code that began it.",
        ),
        (
            {"id": "rehearsal.gone"},
            "'One' cannot run any more: the catalogue has no 'rehearsal.gone' any more. To go on, finish",
        ),
        ({"id": "rehearsal.change"}, "'One' cannot run any more: 'rehearsal.change' is no check any more."),
        ({"arguments": {}}, "'One' cannot run any more: The check rehearsal.probe needs the argument 'name': a text."),
        ({"arguments": {"name": 5}}, "'One' cannot run any more: The argument 'name' of rehearsal.probe wants a text, not 5"),
        ({"arguments": {"name": "x", "old": 5}}, "'One' cannot run any more: The check rehearsal.probe has no argument 'old'."),
    ],
    ids=str,
)
def test_a_plan_of_other_code_is_refused_and_not_half_run(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    plan = bound(tmp_path, small("- {item: One, check: rehearsal.ping, with: {name: x}}"))
    shape = plan.model_dump(mode="json")
    (call,) = shape["phases"][0]["gates"][0]["items"][0]["checks"]
    (shape if "format" in change else call).update(change)

    refuse_unrunnable(plan)
    with pytest.raises(DefinitionError) as error:
        refuse_unrunnable(Plan.model_validate(shape))
    assert sentence in str(error.value)


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.fixed_dictionaries(
        {}, optional={"region": TEXTS, "custom_domain": TEXTS, "hosts": TEXTS, "refresh": st.booleans()}
    )
)
def test_a_plan_is_the_same_after_a_round_through_json(tmp_path: Path, answers: dict[str, Any]) -> None:
    plan = bound(tmp_path, WHOLE, "production", **answers)

    again = Plan.model_validate_json(plan.model_dump_json())

    assert plan == again
    refuse_unrunnable(again)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.sampled_from(["{{ version }}", "{% raw %}", "{{", "{{ 1/0 }}", "{# x", "{{ captured.arn }}"]))
def test_an_answer_is_never_itself_rendered(tmp_path: Path, answer: str) -> None:
    items = by_id(bound(tmp_path, WHOLE, hosts=answer, custom_domain=answer))

    assert items["testing/tests-pass"].checks[0].arguments["name"] == answer
    assert items["domain/inner"].checks[0].arguments["name"] == answer
