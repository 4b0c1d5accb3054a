from typing import Any

import pytest

from tasks.core.alert_routes import integrations, receivers_for
from tasks.core.errors import Malformed

ROUTE: dict[str, Any] = {
    "receiver": "everyone",
    "routes": [
        {"receiver": "audit", "matchers": ['team=~"pay.*"'], "continue": True},
        {"receiver": "pager", "match": {"severity": "critical"}, "routes": [{"matchers": ['team="web"'], "receiver": "web"}]},
        {"match_re": {"severity": "warn|info"}, "receiver": "slack"},
        {"matchers": ['severity!="none"', "team!~web|pay"], "receiver": "rest"},
    ],
}


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"severity": "critical"}, ["pager"]),
        ({"severity": "critical", "team": "web"}, ["web"]),
        ({"severity": "critical", "team": "payments"}, ["audit", "pager"]),
        ({"severity": "info"}, ["slack"]),
        ({"severity": "information", "team": "db"}, ["rest"]),
        ({"severity": "none"}, ["everyone"]),
        ({"severity": "none", "team": "pay"}, ["audit"]),
    ],
    ids=str,
)
def test_an_alert_goes_down_the_tree(labels: dict[str, str], receivers: list[str]) -> None:
    assert receivers_for(ROUTE, labels) == receivers


def test_what_is_no_matcher_is_malformed() -> None:
    with pytest.raises(Malformed, match="'severity critical' is no matcher"):
        receivers_for({"receiver": "a", "routes": [{"matchers": ["severity critical"]}]}, {})


def test_a_receiver_tells_in_the_ways_that_are_filled_in() -> None:
    assert integrations({"name": "a", "slack_configs": [{"channel": "#a"}], "email_configs": []}) == {"slack"}
