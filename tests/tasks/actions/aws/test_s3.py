import json
from pathlib import Path
from typing import Any

import pytest

from tasks.actions.aws import s3
from tasks.connect.files import Files
from tasks.core.errors import Absent, ActionError
from tasks.core.sample import Sample, Trail
from tests.tasks.actions.aws.accounts import Objects
from tests.tasks.actions.aws.clouds import writer

PLACE = {"bucket": "pages", "key": "index.html", "path": "index.html"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "index.html").write_text("new")
    return Files(tmp_path, Trail(Sample()))


def ask(companion: Any, objects: Objects, files: Files, **more: Any) -> Any:
    return companion(writer(s3=objects), files, **PLACE, **more)


def older() -> Objects:
    objects = Objects()
    objects.put_object("pages", "index.html", b"old", {})
    return objects


def body(objects: Objects) -> bytes:
    return objects.kept["index.html"][-1][1]


def test_a_file_is_put_and_the_earlier_one_brought_back(files: Files) -> None:
    objects = older()
    noted = json.loads(json.dumps(ask(s3.before, objects, files)))
    ask(s3.put_file, objects, files)
    put = body(objects)
    told = [ask(s3.undo, objects, files, before=noted) for _ in range(2)]

    assert (put, body(objects)) == (b"new", b"old")
    assert told == ["s3://pages/index.html holds what it held before the release."] * 2


def test_a_file_that_was_not_there_is_deleted(files: Files) -> None:
    objects = Objects()
    noted = ask(s3.before, objects, files)
    ask(s3.put_file, objects, files)
    ask(s3.undo, objects, files, before=noted)

    assert objects.kept == {}


def test_what_was_never_put_is_left_alone(files: Files) -> None:
    objects = older()

    assert "nothing had to be undone" in ask(s3.undo, objects, files, before=ask(s3.before, objects, files))


def test_what_could_not_be_brought_back_is_not_overwritten(files: Files) -> None:
    objects = older()
    objects.versioned = False

    with pytest.raises(ActionError, match="keeps no version"):
        ask(s3.before, objects, files)


@pytest.mark.parametrize(
    ("put", "expected"),
    [((), "not done"), ((b"new",), "done"), ((b"somebody else's",), "unknown")],
    ids=["before it was put", "after", "somebody else put another"],
)
def test_an_interruption_is_settled(put: tuple[bytes, ...], expected: str, files: Files) -> None:
    objects = older()
    noted = ask(s3.before, objects, files)
    for content in put:
        objects.put_object("pages", "index.html", content, {"sha256": s3._digest(content)})

    assert ask(s3.settled, objects, files, before=noted) == expected


def test_a_file_that_is_not_there_is_not_put(files: Files) -> None:
    with pytest.raises(Absent):
        s3.put_file(writer(s3=Objects()), files, bucket="pages", key="a", path="missing")
