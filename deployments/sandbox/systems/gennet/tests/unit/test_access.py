"""Nobody gets in without a good token."""

import unittest

from gennet.access import bearer, token

KEY, NOW = "a-signing-key-for-tests", 1_800_000_000
GOOD = token("ana", NOW + 60, KEY)


class Access(unittest.TestCase):
    def test_a_good_token_names_its_bearer(self) -> None:
        self.assertEqual(bearer(f"Bearer {GOOD}", KEY, NOW), "ana")

    def test_a_bearer_may_have_dots_in_the_name(self) -> None:
        self.assertEqual(bearer(f"Bearer {token('ana.silva', NOW + 1, KEY)}", KEY, NOW), "ana.silva")

    def test_what_is_refused(self) -> None:
        refused = {
            "nothing": "",
            "no scheme": GOOD,
            "another scheme": f"Basic {GOOD}",
            "expired": f"Bearer {token('ana', NOW, KEY)}",
            "another key": f"Bearer {token('ana', NOW + 60, 'another-key')}",
            "made out to somebody else": f"Bearer {GOOD.replace('ana', 'eve')}",
            "longer than it was": f"Bearer {GOOD.replace(str(NOW + 60), str(NOW + 9999))}",
        }
        for reason, header in refused.items():
            with self.subTest(reason):
                self.assertEqual(bearer(header, KEY, NOW), "")

    def test_without_a_key_nobody_gets_in(self) -> None:
        self.assertEqual(bearer(f"Bearer {token('ana', NOW + 60, '')}", "", NOW), "")
