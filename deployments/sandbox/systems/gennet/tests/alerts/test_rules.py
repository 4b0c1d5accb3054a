"""Every alert says how bad it is, whom it concerns, and where its runbook is."""

import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RULES = [rule for group in yaml.safe_load((ROOT / "alerts" / "rules.yaml").read_text())["groups"] for rule in group["rules"]]


class Rules(unittest.TestCase):
    def test_every_alert_has_a_severity_and_a_summary(self) -> None:
        for rule in RULES:
            with self.subTest(rule["alert"]):
                self.assertIn(rule["labels"]["severity"], ("critical", "warning"))
                self.assertTrue(rule["annotations"]["summary"])

    def test_every_alert_is_in_the_runbooks(self) -> None:
        runbooks = (ROOT / "docs" / "runbooks.md").read_text()
        self.assertEqual([rule["alert"] for rule in RULES if f"## {rule['alert']}" not in runbooks], [])

    def test_no_alert_fires_at_the_first_sign(self) -> None:
        self.assertEqual([rule["alert"] for rule in RULES if not rule.get("for")], [])
