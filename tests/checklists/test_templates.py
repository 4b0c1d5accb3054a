"""Templates: strict, sandboxed, once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.plan import Call, Late
from checklists.templates import Named, is_template, named, render, render_late
from tasks.core.errors import EvidenceError

pytestmark = pytest.mark.usefixtures("rehearsal")

VALUES: dict[str, Any] = {"suffix": "prod", "days": 3, "deep": True, "sizes": [1, 2], "ports": {"items": 80, "https": 443}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("plain", "plain"),
        (5, 5),
        (None, None),
        ("Sessions-{{ suffix }}", "Sessions-prod"),
        ("{{ days }}", 3),
        ("{{ days }} ", "3 "),
        ("{{ days }}{{ days }}", "33"),
        ("{{- days -}}", 3),
        ("{{ -days }}", -3),
        ("{{ deep }}", True),
        ("{{ sizes }}", [1, 2]),
        ("{{ sizes | map('string') | list }}", ["1", "2"]),
        ("{{ ports.items }}", 80),
        ("{{ ports['https'] }}", 443),
        ("{{ '{{' }} x", "{{ x"),
        ("{% if deep %}deep{% endif %}", "deep"),
        (["{{ suffix }}", 1], ["prod", 1]),
        ({"t-{{ suffix }}": {"a": ["{{ days }}"]}}, {"t-prod": {"a": [3]}}),
        ("line\n", "line\n"),
        ("{{ suffix }}\n", "prod\n"),
        ("{{ '1' }}", "1"),
    ],
    ids=str,
)
def test_a_template_is_rendered(written: object, expected: object) -> None:
    rendered = render(written, VALUES)

    assert (rendered, type(rendered)) == (expected, type(expected))


@pytest.mark.parametrize(
    "written",
    [
        "{{ nobody }}",
        "x {{ nobody }}",
        "{{ [nobody] }}",
        "{{ nobody.suffix }}",
        "{{ ports.nothing }}",
        "{{ ports.keys() }}",
        "{{ suffix.__class__ }}",
        "{{ suffix.__class__.__mro__ }}x",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ suffix.format.__globals__ }}",
        "{{ lipsum }}",
        "{{ cycler }}",
        "{{ range(3) }}",
        "{{ suffix | upper | shout }}",
        "{{ days / 0 }}",
        "{{ days + suffix }}",
        "{{ sizes | map('string') }}",
        "{{ sizes.append(3) }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{",
        "{% if %}",
        "{# open",
    ],
)
def test_a_template_that_cannot_be_rendered_is_told_in_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"^(The template )?`") as error:
        render(written, VALUES)

    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_a_template_tells_what_it_needs() -> None:
    written = {"k-{{ a }}": ["{{ captured.x }}", "{{ captured['y'] ~ b }}{% for i in c %}{{ i }}{% endfor %}"]}

    assert named(written) == Named(frozenset("abc"), frozenset("xy"))


@given(st.text(), st.text())
def test_a_value_is_never_itself_rendered(before: str, inside: str) -> None:
    value = f"{before}{{{{ {inside} }}}}{{% {inside} %}}"

    assert render("{{ given }}", {"given": value}) == value
    assert render("x{{ given }}", {"given": value}) == f"x{value}"
    assert render({"{{ given }}": ["{{ given }}"]}, {"given": value}) == {value: [value]}


@given(st.text(alphabet="{}%#ab \n'|.-"))
def test_any_text_renders_to_text_or_is_refused(text: str) -> None:
    try:
        rendered = render(text, {"a": "A", "b": 1})
    except ValueError as error:
        assert is_template(text)
        assert str(error)  # noqa: PT017
    else:
        assert is_template(text) or rendered == text


@given(st.text())
def test_a_captured_fact_is_never_itself_rendered(fact: str) -> None:
    late = Late(template=["{{ captured.host }}", "{{ suffix }}"], values={"suffix": "{{ captured.host }}"})

    arguments = render_late(Call(id="rehearsal.probe", arguments={"name": "x"}, late={"many": late}), {"host": fact})

    assert arguments == {"name": "x", "many": [fact, "{{ captured.host }}"]}


@pytest.mark.parametrize(
    ("late", "captured", "sentence"),
    [
        (
            {"name": "{{ captured.a }}-{{ captured.b }}"},
            {},
            "The argument 'name' needs a and b, which no item has captured yet.",
        ),
        (
            {"name": "{{ captured.a }}-{{ captured.b }}"},
            {"a": "1"},
            "The argument 'name' needs b, which no item has captured yet.",
        ),
        ({"name": "{{ captured.a + 1 }}"}, {"a": "1"}, "The argument 'name' cannot be made: The template"),
        ({"count": "{{ captured.a }}"}, {"a": "1"}, "The argument 'count' of rehearsal.probe wants a whole number, not '1'."),
    ],
)
def test_what_is_not_captured_is_not_known(late: dict[str, str], captured: dict[str, str], sentence: str) -> None:
    call = Call(
        id="rehearsal.probe",
        arguments={} if "name" in late else {"name": "x"},
        late={name: Late(template=template, values={}) for name, template in late.items()},
    )

    with pytest.raises(EvidenceError) as error:
        render_late(call, captured)

    assert sentence in str(error.value)
