"""Files that are no checklists, files that are, and finding them by name."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.loader import find, load
from tasks.core.errors import DefinitionError, DefinitionErrors
from tests.checklists.texts import loaded, mistakes, small

pytestmark = pytest.mark.usefixtures("rehearsal")

TEXT = small("""\
- item: One
  line: 7
  check: rehearsal.probe
  with: &all
    name: x
    labels: {since: 2026-11-21}
- item: Two
  check: rehearsal.ping
  with: {<<: *all, count: 2}
""")


def test_a_checklist_knows_its_digest_and_its_lines(tmp_path: Path) -> None:
    found = loaded(tmp_path, TEXT)

    line = TEXT.splitlines().index(" " * 14 + "name: x") + 1
    assert hashlib.sha256(TEXT.encode()).hexdigest() == found.digest
    assert found.where(("phases", 0, "sections", 0, "items", 0, "with", "name")) == f"{tmp_path}/small.yaml:{line}"
    assert found.where() == f"{tmp_path}/small.yaml:1"


def test_anchors_and_merge_keys_are_followed_and_dates_stay_text(tmp_path: Path) -> None:
    second = loaded(tmp_path, TEXT).checklist.phases[0].sections[0].items[1]

    assert second.arguments == {"name": "x", "labels": {"since": "2026-11-21"}, "count": 2}


def test_a_mistake_in_a_merged_argument_is_told_where_it_is_merged(tmp_path: Path) -> None:
    text = TEXT.replace("name: x", "nmae: x")

    told = mistakes(tmp_path, text)

    assert ["has no argument 'nmae'" in each.message or "needs the argument" in each.message for each in told] == [True] * 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "The file is empty; a checklist starts with `checklist: <name>`.", id="empty"),
        pytest.param(b"# nothing\n", "The file is empty; a checklist starts with `checklist: <name>`.", id="only comments"),
        pytest.param(b"a: \xff", "This is not UTF-8 text; save the file in UTF-8.", id="not UTF-8"),
        pytest.param(b"a: \x07", "This is not YAML:", id="control character"),
        pytest.param(b"a: 1\n---\nb: 2\n", "This is not YAML:", id="two documents"),
        pytest.param(b"a: [1\n", "This is not YAML:", id="open bracket"),
        pytest.param(b"a: b: c\n", "a text with ': ' in it needs quotes", id="colon in a text"),
        pytest.param(b"a: &a\n  <<: *a\n", "look at its anchors", id="merged with itself"),
        pytest.param(b"[" * 5000, "nested too deeply", id="nested too deeply"),
        pytest.param(
            b"a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 10)) for c in b"bcdefgh"),
            "more than 200000 values",
            id="too many aliases",
        ),
    ],
)
def test_what_is_no_checklist_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(content)

    with pytest.raises(DefinitionErrors) as error:
        load(path)

    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DefinitionErrors, match=r"small\.yaml: The checklist cannot be read: No such file or directory\."):
        load(tmp_path / "small.yaml")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([*TEXT.splitlines(keepends=True), "- ", "? ", ": ", "&a ", "*a ", "!!x ", "|\n", "'", "{", "\t", "%"])
    )
)
def test_no_text_makes_the_loader_stumble(tmp_path: Path, parts: list[str]) -> None:
    try:
        loaded(tmp_path, "".join(parts))
    except DefinitionError as error:
        assert str(error)  # noqa: PT017
    else:
        assert "".join(parts)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("sesion-management", "; did you mean 'session-management'?", id="mistyped"),
        pytest.param("xyz", "; there are session-management and toombos.", id="unlike any"),
        pytest.param("../session-management", "; did you mean 'session-management'?", id="a path"),
    ],
)
def test_a_checklist_is_found_by_its_name_only(tmp_path: Path, name: str, sentence: str) -> None:
    for each in ("session-management", "toombos"):
        (tmp_path / f"{each}.yaml").touch()

    assert find("toombos", tmp_path) == tmp_path / "toombos.yaml"
    with pytest.raises(DefinitionError) as error:
        find(name, tmp_path)
    assert str(error.value) == f"There is no checklist '{name}' in {tmp_path}{sentence}"
