from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sessions import connection
from stand_ins import Case, event

NOW = 1_800_000_000


class Connect(Case):
    def setUp(self) -> None:
        super().setUp()
        self.greetings: list[dict[str, Any]] = []
        self.replace(connection, "greet_later", lambda _function, _context, message: self.greetings.append(message))
        self.replace(connection.time, "time", lambda: float(NOW))

    def connect(self, name: str, **wanted: str) -> int:
        answer = connection.handler(
            event(name, queryStringParameters=wanted, context={"authorizer": {"principalId": "user-1"}}),
            SimpleNamespace(function_name="connection-handler"),
        )
        return int(answer["statusCode"])

    def test_a_speaker_opens_a_session(self) -> None:
        status = self.connect("c1", role="speaker", sourceLanguage="en")

        (session,) = self.sessions.items.values()
        self.assertEqual(200, status)
        self.assertEqual("active", session["status"])
        self.assertEqual(NOW + connection.SESSION_SECONDS, session["expiresAt"])
        self.assertEqual(NOW + connection.CONNECTION_SECONDS, self.connections.items["c1"]["ttl"])
        self.assertEqual([{"type": "sessionCreated", "sessionId": session["sessionId"]}], self.greetings)

    def test_a_listener_joins_an_open_session(self) -> None:
        self.connect("c1", role="speaker", sourceLanguage="en")
        (session,) = self.sessions.items

        status = self.connect("c2", role="listener", sessionId=session, targetLanguage="es")

        self.assertEqual(200, status)
        self.assertEqual("es", self.connections.items["c2"]["targetLanguage"])
        self.assertEqual("sessionJoined", self.greetings[-1]["type"])

    def test_who_is_turned_away(self) -> None:
        self.sessions.put_item({"sessionId": "over", "status": "ended"})
        asked = {
            "no role": ({}, 400),
            "a speaker of no language": ({"role": "speaker"}, 400),
            "a listener to nothing": ({"role": "listener", "targetLanguage": "es"}, 400),
            "a session that never was": ({"role": "listener", "sessionId": "none", "targetLanguage": "es"}, 404),
            "a session that is over": ({"role": "listener", "sessionId": "over", "targetLanguage": "es"}, 404),
        }
        for reason, (wanted, status) in asked.items():
            with self.subTest(reason):
                self.assertEqual(status, self.connect("c9", **wanted))
        self.assertEqual([], self.greetings)
        self.assertNotIn("c9", self.connections.items)

    def test_too_many_connections_in_a_minute_are_refused(self) -> None:
        found = [self.connect(f"c{n}", role="speaker", sourceLanguage="en") for n in range(101)]
        self.assertEqual([200] * 100 + [429], found)


class Greeting(Case):
    def test_the_first_message_goes_to_the_new_connection(self) -> None:
        target = event("c1")["requestContext"]
        connection.handler({"greet": target, "message": {"type": "sessionCreated"}}, None)
        self.assertEqual([("c1", {"type": "sessionCreated"})], self.posted)
