"""Migrations run in order on an empty database and leave what the services need."""

import sqlite3
import unittest
from pathlib import Path

MIGRATIONS = sorted((Path(__file__).parents[2] / "migrations").glob("*.sql"))


class Migrations(unittest.TestCase):
    def test_they_are_numbered_without_a_gap(self) -> None:
        numbers = [int(path.name.partition("_")[0]) for path in MIGRATIONS]
        self.assertEqual(numbers, list(range(1, len(MIGRATIONS) + 1)))

    def test_an_empty_database_gets_every_table(self) -> None:
        with sqlite3.connect(":memory:") as database:
            for each in MIGRATIONS:
                database.executescript(each.read_text())
            found = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        database.close()
        self.assertLessEqual({"networks", "edges", "jobs"}, found)
