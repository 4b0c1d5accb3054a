from __future__ import annotations

import json
from typing import Any

from sessions import disconnect, heartbeat, refresh
from sessions.tokens import Refused
from stand_ins import Case, event


class Heartbeat(Case):
    def test_a_heartbeat_is_answered_and_keeps_the_row_alive(self) -> None:
        self.connections.put_item({"connectionId": "c1", "sessionId": "s1", "ttl": 0})

        heartbeat.handler(event("c1"), None)

        (connection, message) = self.posted[0]
        self.assertEqual("c1", connection)
        self.assertEqual(heartbeat.ANSWER, message["type"])
        self.assertGreater(self.connections.items["c1"]["ttl"], 0)


class Refresh(Case):
    def refresh(self, claims_of: Any) -> dict[str, Any]:
        self.replace(refresh, "claims_of", claims_of)
        return refresh.handler(event("c1", body=json.dumps({"action": "refreshConnection", "token": "t"})), None)

    def test_a_good_token_is_taken(self) -> None:
        answer = self.refresh(lambda token: {"exp": 1_900_000_000, "sub": token})
        self.assertEqual({"statusCode": 200}, answer)
        self.assertEqual([("c1", {"type": "connectionRefreshed", "expiresAt": 1_900_000_000})], self.posted)
        self.assertEqual(1_900_000_000, self.connections.items["c1"]["tokenExpiresAt"])

    def test_a_bad_token_is_refused_and_the_row_left_alone(self) -> None:
        def refuse(_token: str) -> dict[str, Any]:
            raise Refused("The token has expired.")

        answer = self.refresh(refuse)

        self.assertEqual({"statusCode": 401}, answer)
        self.assertEqual([("c1", {"type": "error", "message": "The token has expired."})], self.posted)
        self.assertEqual({}, self.connections.items)


class Disconnect(Case):
    def setUp(self) -> None:
        super().setUp()
        self.sessions.put_item({"sessionId": "s1", "status": "active"})
        self.connections.put_item({"connectionId": "c1", "sessionId": "s1", "role": "speaker"})
        for name in ("c2", "c3"):
            row = {"connectionId": name, "sessionId": "s1", "role": "listener", "targetLanguage": "es"}
            self.connections.put_item(row)

    def test_a_speaker_ends_the_session(self) -> None:
        disconnect.handler(event("c1"), None)
        ended = {"type": "sessionEnded", "sessionId": "s1"}
        self.assertEqual("ended", self.sessions.items["s1"]["status"])
        self.assertNotIn("c1", self.connections.items)
        self.assertEqual([("c2", ended), ("c3", ended)], self.posted)

    def test_a_listener_leaves_it_open(self) -> None:
        disconnect.handler(event("c2"), None)
        self.assertEqual("active", self.sessions.items["s1"]["status"])
        self.assertNotIn("c2", self.connections.items)
        self.assertEqual([], self.posted)

    def test_an_unknown_connection_changes_nothing(self) -> None:
        self.assertEqual({"statusCode": 200}, disconnect.handler(event("c9"), None))
        self.assertEqual("active", self.sessions.items["s1"]["status"])
