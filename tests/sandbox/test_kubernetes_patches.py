from typing import Any

import pytest

from deployments.sandbox.kubernetes.patches import BadPatchError, applied, conflicts, json_patch, merge_patch, strategic

pytestmark = pytest.mark.sandbox

WEB = {"name": "web", "image": "web:1", "env": [{"name": "A", "value": "1"}]}
POD = {"spec": {"containers": [WEB, {"name": "log", "image": "log:1"}], "tolerations": [{"key": "a"}]}}


def containers(*items: dict[str, Any], **directives: Any) -> dict[str, Any]:
    return {"spec": {"containers": list(items), **directives}}


@pytest.mark.parametrize(
    ("patch", "path", "wanted"),
    [
        (containers({"name": "web", "image": "web:2"}), ("containers", 0), {**WEB, "image": "web:2"}),
        (
            containers({"name": "web", "env": [{"name": "B", "value": "2"}]}),
            ("containers", 0, "env", 1),
            {"name": "B", "value": "2"},
        ),
        (containers({"name": "log", "$patch": "delete"}), ("containers",), [WEB]),
        (containers({"$patch": "replace"}, {"name": "new", "image": "n"}), ("containers",), [{"name": "new", "image": "n"}]),
        ({"spec": {"tolerations": [{"key": "b"}]}}, ("tolerations",), [{"key": "b"}]),
        ({"spec": {"$patch": "replace", "x": 1}}, (), {"x": 1}),
        ({"spec": {"$retainKeys": ["tolerations"], "tolerations": []}}, (), {"tolerations": []}),
        ({"spec": {"tolerations": None}}, (), {"containers": POD["spec"]["containers"]}),
        ({"spec": {"$setElementOrder/containers": [{"name": "log"}, {"name": "web"}]}}, ("containers", 1), WEB),
    ],
    ids=["by name", "new in a list", "deleted", "list replaced", "atomic list", "replaced", "retained", "removed", "reordered"],
)
def test_strategic_merge(patch: dict[str, Any], path: tuple[Any, ...], wanted: Any) -> None:
    seen: Any = strategic(POD, patch)["spec"]
    for part in path:
        seen = seen[part]

    assert seen == wanted


def test_merge_patch_removes_with_null_and_replaces_lists() -> None:
    assert merge_patch({"a": 1, "b": {"c": 2}, "d": [1, 2]}, {"a": None, "b": {"e": 3}, "d": [9]}) == {
        "b": {"c": 2, "e": 3},
        "d": [9],
    }


def test_json_patch_goes_by_paths() -> None:
    operations = [
        {"op": "test", "path": "/a/0", "value": 1},
        {"op": "replace", "path": "/a/0", "value": 5},
        {"op": "add", "path": "/a/-", "value": 6},
        {"op": "add", "path": "/m~1n", "value": 7},
        {"op": "remove", "path": "/z"},
    ]

    assert json_patch({"a": [1], "z": 0}, operations) == {"a": [5, 6], "m/n": 7}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/none"},
        {"op": "replace", "path": "/none", "value": 1},
        {"op": "test", "path": "/a", "value": 2},
        {"op": "copy", "path": "/a"},
    ],
    ids=["remove what is not there", "replace what is not there", "test fails", "not served"],
)
def test_json_patch_refuses(operation: dict[str, Any]) -> None:
    with pytest.raises(BadPatchError):
        json_patch({"a": 1}, [operation])


def test_apply_takes_out_what_its_manager_no_longer_wants() -> None:
    before = {"data": {"A": "1", "B": "2"}}
    live = {"data": {"A": "1", "B": "2", "C": "somebody else's"}}

    assert applied(live, before, {"data": {"A": "9"}}) == {"data": {"A": "9", "C": "somebody else's"}}


def test_apply_takes_out_items_of_keyed_lists() -> None:
    live = POD["spec"]["containers"]

    assert applied({"containers": live}, {"containers": live}, {"containers": [WEB]}) == {"containers": [WEB]}


def test_a_field_that_another_applied_and_that_still_stands_is_a_conflict() -> None:
    live, theirs = containers({"name": "web", "image": "web:1"}), {"team": containers({"name": "web", "image": "web:1"})}
    path = '.spec.containers[name="web"].image'

    assert conflicts(live, theirs, containers({"name": "web", "image": "web:2"})) == [("team", path)]
    assert conflicts(live, theirs, containers({"name": "web", "image": "web:1"})) == []
    assert conflicts(containers({"name": "web", "image": "web:3"}), theirs, containers({"name": "web", "image": "web:2"})) == []
