"""What the services keep can be written, found and taken away again."""

import sqlite3
import unittest
from pathlib import Path

MIGRATIONS = sorted((Path(__file__).parents[2] / "migrations").glob("*.sql"))


class Database(unittest.TestCase):
    def setUp(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.addCleanup(self.database.close)
        for each in MIGRATIONS:
            self.database.executescript(each.read_text())

    def test_a_network_is_kept_with_its_edges(self) -> None:
        self.database.execute("INSERT INTO networks (id, owner, name) VALUES (1, 'ana', 'yeast-cycle')")
        self.database.execute("INSERT INTO edges (network, source, target, weight) VALUES (1, 'CLN3', 'SBF', 0.9)")
        found = self.database.execute("SELECT name, target FROM networks JOIN edges ON network = networks.id").fetchall()
        self.assertEqual(found, [("yeast-cycle", "SBF")])

    def test_edges_go_with_their_network(self) -> None:
        self.database.execute("PRAGMA foreign_keys = ON")
        self.database.execute("INSERT INTO networks (id, owner, name) VALUES (1, 'ana', 'yeast-cycle')")
        self.database.execute("INSERT INTO edges (network, source, target, weight) VALUES (1, 'CLN3', 'SBF', 0.9)")
        self.database.execute("DELETE FROM networks")
        self.assertEqual(self.database.execute("SELECT count(*) FROM edges").fetchone(), (0,))
