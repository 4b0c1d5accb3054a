"""Who somebody is, and that a one-time code counts once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.approvals import Person, Proof, Registry, allowed_to_try, prove
from tasks.core.errors import ApprovalError, DefinitionError, WrongCode
from tasks.core.redaction import redact
from tasks.store import DirectoryStore

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of the test vectors of RFC 6238: 12345678901234567890
ANA = Person("ana", "Ana Lopez", frozenset({"deployer"}), "ana@example.com", SECRET)
VECTORS = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
PEOPLE = f"""
people:
  Ana: {{name: Ana Lopez, roles: [deployer, manager], email: ana@example.com, totp_secret: {SECRET}}}
  max: {{name: Max, roles: [manager], totp_secret: null}}
"""


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path)


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(store: DirectoryStore, second: int, code: str) -> None:
    assert prove(store, ANA, code, at=at(second), use="r1 k1") == Proof("totp", second // 30)


@pytest.mark.parametrize(
    ("offset", "accepted"),
    [(-31, False), (-30, True), (0, True), (59, True), (60, False)],
    ids=["two steps early", "one step early", "as its step begins", "as the next step ends", "two steps late"],
)
def test_a_code_counts_one_step_either_side(store: DirectoryStore, offset: int, *, accepted: bool) -> None:
    try:
        prove(store, ANA, "005924", at=at(41152263 * 30 + offset), use="r1 k1")
        counted = True
    except WrongCode:
        counted = False

    assert counted == accepted


def test_a_code_is_used_once_in_any_release(store: DirectoryStore) -> None:
    prove(store, ANA, "005924", at=at(1234567890), use="r1 k1")

    for use in ("r1 k2", "r2 k1"):
        with pytest.raises(WrongCode, match="This code of Ana Lopez has been used already; wait for the next one"):
            prove(store, ANA, "005924", at=at(1234567895), use=use)


def test_the_same_use_after_a_crash_is_no_second_use(store: DirectoryStore) -> None:
    proofs = [prove(store, ANA, "005924", at=at(1234567890), use="r1 k1") for _ in range(2)]

    assert proofs == [Proof("totp", 41152263)] * 2


def test_one_code_of_two_people_is_two_codes(store: DirectoryStore) -> None:
    twin = Person("eva", "Eva", frozenset(), "", SECRET)
    proofs = [prove(store, person, "005924", at=at(1234567890), use=f"r1 {person.id}") for person in (ANA, twin)]

    assert [proof.step for proof in proofs] == [41152263] * 2


def test_blanks_around_a_code_do_not_matter(store: DirectoryStore) -> None:
    assert prove(store, ANA, " 005924\n", at=at(1234567890), use="r1 k1").method == "totp"


@pytest.mark.parametrize(
    "code", ["", "5924", "0005924", "005925", "\uff10\uff10\uff15\uff19\uff12\uff14", "\ud800", "0" * 5000, "{{ 7*7 }}", "None"]
)
def test_another_text_is_a_wrong_code(store: DirectoryStore, code: str) -> None:
    with pytest.raises(WrongCode, match="The code is not Ana Lopez's current one; codes change every 30 seconds"):
        prove(store, ANA, code, at=at(1234567890), use="r1 k1")


@given(st.text(st.characters(exclude_categories=())), st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1)))  # noqa: DTZ001
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_proof(code: str, moment: datetime) -> None:
    with pytest.raises(WrongCode):
        prove(DirectoryStore(Path("/nonexistent")), ANA, f"{code}x", at=moment.replace(tzinfo=UTC), use="r1 k1")


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "Ana has no secret for one-time codes in the registry; enrol first"),
        ("not base32!", "The secret of Ana in the registry is not base32 of at least 112 bits; enrol again"),
        ("GEZDGNBV", "The secret of Ana in the registry is not base32 of at least 112 bits; enrol again"),
    ],
    ids=["none", "another alphabet", "too short"],
)
def test_a_secret_that_cannot_make_codes_is_told(store: DirectoryStore, secret: str, says: str) -> None:
    with pytest.raises(ApprovalError, match=says):
        prove(store, Person("ana", "Ana", frozenset(), "", secret), "005924", at=at(1234567890), use="r1 k1")


@pytest.mark.parametrize(
    ("ages", "waits"),
    [([], False), ([1] * 4, False), ([1] * 5, True), ([1] * 4 + [15], False), ([14.9] * 5, True), ([15] * 50, False)],
    ids=["none", "four", "five", "four and an old one", "five just so recent", "fifty long ago"],
)
def test_who_guesses_must_wait(ages: list[float], *, waits: bool) -> None:
    now = at(1234567890)
    wrong = [now - timedelta(minutes=age) for age in ages]
    try:
        allowed_to_try(wrong, now)
        told = ""
    except ApprovalError as error:
        told = str(error)

    assert bool(told) == waits
    assert not told or told.startswith("Too many wrong codes; this person may try again at 23:")


def registry(folder: Path, text: str) -> Registry:
    path = folder / "approvers.yaml"
    path.write_text(text, encoding="utf-8")
    return Registry.load(path)


def test_people_are_found_by_id_in_any_letter_case(tmp_path: Path) -> None:
    people = registry(tmp_path, PEOPLE)

    assert [people.who(name).id for name in ("ana", "ANA", " Ana ", "max")] == ["ana", "ana", "ana", "max"]
    assert [person.id for person in people.with_role("manager")] == ["ana", "max"]
    assert people.with_role("owner") == []


@pytest.mark.parametrize("name", ["", "eve", "../ana", "ana\0", "\ud800", "x" * 5000, "Ana Lopez"])
def test_a_stranger_is_not_in_the_registry(tmp_path: Path, name: str) -> None:
    with pytest.raises(ApprovalError, match="is not in the registry of approvers") as refused:
        registry(tmp_path, PEOPLE).who(name)

    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ana", True),
        (" ANA\t", True),
        ("ana  lopez", True),
        ("Ana@Example.com", True),
        ("", False),
        ("an", False),
        ("ana lopez jr", False),
    ],
)
def test_a_requester_is_recognised_by_any_name(text: str, *, meant: bool) -> None:
    assert ANA.goes_by(text) == meant


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    person = registry(tmp_path, PEOPLE).who("ana")

    assert SECRET not in repr(person)
    assert redact(f"enrolled with {SECRET}") == "enrolled with [hidden]"


def test_a_secret_left_empty_is_none_and_hides_nothing(tmp_path: Path) -> None:
    assert registry(tmp_path, PEOPLE).who("max").totp_secret == ""
    assert redact("None") == "None"


MISTAKES: Mapping[str, tuple[str, str]] = {
    "no YAML": ("people: {ana: [", "must read `people:"),
    "empty": ("", "must read `people:"),
    "a text": ("people", "must read `people:"),
    "no people": ("persons: {}", "must read `people:"),
    "a list of people": ("people: [ana]", "must read `people:"),
    "people twice": ("people: {}\npeople: {}", "must read `people:"),
    "nobody": ("people: {}", "names nobody; add the people who may sign"),
    "a person without anything": ("people: {ana: }", "must read `people:"),
    "a person without roles": ("people: {ana: {name: Ana}}", "must read `people:"),
    "a person without a name": ("people: {ana: {roles: [deployer]}}", "must read `people:"),
    "roles as one text": ("people: {ana: {name: Ana, roles: deployer}}", "must read `people:"),
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistaken_registry_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says) as refused:
        registry(tmp_path, text)

    assert refused.value.where == str(tmp_path / "approvers.yaml")


def test_a_registry_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="there is no registry of approvers; set GATES_APPROVERS to its path"):
        Registry.load(tmp_path / "none.yaml")


@pytest.mark.parametrize("content", [b"people: {\xff}", None], ids=["not UTF-8", "a folder"])
def test_a_registry_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "approvers.yaml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    with pytest.raises(DefinitionError, match="the registry of approvers cannot be read"):
        Registry.load(path)
