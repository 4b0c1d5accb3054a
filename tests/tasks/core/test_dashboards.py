from tasks.core.dashboards import Question, questions

DASHBOARD = {
    "templating": {
        "list": [
            {"name": "job", "current": {"value": "api"}},
            {"name": "pod", "current": {"value": ["$__all"]}},
            {"name": "zone", "current": {"value": ["a", "b"]}},
            {"name": "source", "current": {"value": "prom-2"}},
        ]
    },
    "panels": [
        {"title": "Requests", "datasource": {"uid": "prom-1"}, "targets": [{"expr": 'rate(r{job="$job"}[$__rate_interval])'}]},
        {"type": "row", "panels": [{"title": "Pods", "targets": [{"expr": 'up{pod=~"${pod:regex}",z=~"[[zone]]",x="$x"}'}]}]},
        {"title": "Chosen", "targets": [{"expr": "up", "datasource": {"uid": "${source}"}}, {"rawSql": "SELECT 1"}]},
        {"title": "Text", "type": "text"},
    ],
    "rows": [{"panels": [{"targets": [{"expr": "old"}], "datasource": "Prometheus"}]}],
}


def test_what_the_panels_ask_with_their_variables_filled_in() -> None:
    assert questions(DASHBOARD, {"x": "given"}) == [
        Question("untitled", "old", "Prometheus"),
        Question("Requests", 'rate(r{job="api"}[5m])', "prom-1"),
        Question("Pods", 'up{pod=~".+",z=~"a|b",x="given"}', ""),
        Question("Chosen", "up", "prom-2"),
    ]
