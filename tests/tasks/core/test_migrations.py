import pytest

from tasks.core.migrations import Migration, applied, migration, version_of


@pytest.mark.parametrize(
    ("name", "version"),
    [("0003_add_index.sql", "0003"), ("V2__users.sql", "2"), ("20261121.sql", "20261121"), ("Views.sql", "Views")],
)
def test_a_version_is_the_beginning_of_the_name(name: str, version: str) -> None:
    assert version_of(name) == version


def test_a_file_of_alembic_names_its_revision_and_the_one_before() -> None:
    assert migration("a.py", 'revision = "b2"\ndown_revision: str | None = "a1"\n') == Migration("b2", "a.py", "a1")
    assert migration("b.py", 'revision: str = "a1"\ndown_revision = None\n') == Migration("a1", "b.py")
    assert migration("0001_orders.sql", "-- revision = 'x'") == Migration("0001", "0001_orders.sql")


def test_the_newest_of_a_chain_stands_for_all_before_it() -> None:
    chain = [Migration("a1", ""), Migration("b2", "", "a1"), Migration("c3", "", "b2")]

    assert applied(chain, ["b2"]) == {"a1", "b2"}
    assert applied(chain, ["z9_else"]) == {"z9"}
