"""Prometheus: it runs, finds its targets, keeps its data, has its rules, and its alerts fire when they should."""

from __future__ import annotations

import re

from tasks.connect.prometheus import Prometheus, Server
from tasks.core import judges
from tasks.core.answers import Answer
from tasks.core.judges import every, includes, listed, none
from tasks.core.registry import check
from tasks.core.series import seconds
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst


@check(remedy="curl -isS <url>/-/ready")
def ready(prometheus: Prometheus, *, url: str, key: str = "", scheme: str = "Bearer") -> Verdict:
    """Prometheus is ready to answer, and runs with the configuration that was loaded last.

    One that refused its last configuration goes on with the old, and nobody notices until an alert is missing.
    ``url`` is its base address; ``key`` a reference to what proves who asks. Reads ``/-/ready`` and its runtime information.

    Example:
        check: prometheus.ready
        with: {url: "https://prometheus.example.com"}

    """
    server = prometheus.at(url, key, scheme)
    server.text("/-/ready")
    if not server.ask("status/runtimeinfo")["reloadConfigSuccess"]:
        return failed(f"{url} refused its last configuration and runs with the one before.")
    return passed(f"{url} is ready and runs with its last configuration.")


@check(remedy="Open <url>/targets and read the last error of the targets that the sentence names.")
def targets_up(
    prometheus: Prometheus, *, url: str, jobs: list[str], at_least: int = 1, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """Every job has its targets, and each of them was reached at the last scrape.

    A service that Prometheus does not find is not watched. Reads ``/api/v1/targets``; ``jobs`` are values of the label ``job``.

    Example:
        check: prometheus.targets_up
        with: {url: "https://prometheus.example.com", jobs: [api, worker], at_least: 2}

    """
    targets = prometheus.at(url, key, scheme).ask("targets", state="active")["activeTargets"]

    def up(job: str) -> Verdict:
        found = [each for each in targets if each["labels"].get("job") == job]
        down = [f"{each['scrapeUrl']} ({each['health']}: {each['lastError']})" for each in found if each["health"] != "up"]
        counted = judges.at_least(f"Number of targets of job {job}", len(found), at_least)
        return worst([counted, none(f"targets of job {job} that were not reached", down, len(found))]) if found else counted

    return every("job", jobs, up)


@check(remedy="Add the *_sd_configs that the sentence names to a scrape_config of prometheus.yml.")
def discovery_configured(
    prometheus: Prometheus, *, url: str, kinds: list[str], key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """Prometheus finds its targets by these kinds of service discovery.

    A fixed list of targets misses whatever is started later. Reads ``/api/v1/status/config``; ``kinds`` are names such as
    kubernetes, consul, ec2, dns, file, static.

    Example:
        check: prometheus.discovery_configured
        with: {url: "https://prometheus.example.com", kinds: [kubernetes]}

    """
    scrapes = prometheus.at(url, key, scheme).settings().get("scrape_configs") or []
    names = {name for each in scrapes for name, value in each.items() if value and name.endswith("_configs")}
    return includes(f"Service discovery of {url}", {re.sub(r"(_sd)?_configs$", "", name) for name in names}, kinds)


@check(remedy="promtool check rules <files>, then reload Prometheus.")
def rules_exist(prometheus: Prometheus, *, url: str, rules: list[str], key: str = "", scheme: str = "Bearer") -> Verdict:
    """Every alert has a rule, and the rule can be evaluated.

    Reads ``/api/v1/rules``; ``rules`` are names of alerts.

    Example:
        check: prometheus.rules_exist
        with: {url: "https://prometheus.example.com", rules: [HighErrorRate, ServiceDown]}

    """
    known = {rule["name"]: rule for rule in _rules(prometheus.at(url, key, scheme)) if rule["type"] == "alerting"}

    def good(name: str) -> Verdict:
        if name not in known:
            return failed(f"Alert {name} has no rule.")
        rule = known[name]
        if rule["health"] == "err":
            return failed(f"The rule of alert {name} cannot be evaluated: {rule.get('lastError', 'no reason given')}.")
        if rule["health"] != "ok":
            return unknown(f"The rule of alert {name} was not evaluated yet.")
        return passed(f"Alert {name} is watched by {rule['query']}.")

    return every("alert", rules, good)


@check(remedy="Open <url>/rules and read the error of the rules that the sentence names.")
def rule_groups_healthy(prometheus: Prometheus, *, url: str, key: str = "", scheme: str = "Bearer") -> Verdict:
    """No rule of Prometheus ends in an error.

    Reads ``/api/v1/rules``. No rule at all is unknown.

    Example:
        check: prometheus.rule_groups_healthy
        with: {url: "https://prometheus.example.com"}

    """
    rules = _rules(prometheus.at(url, key, scheme))
    broken = [f"{rule['name']} ({rule.get('lastError', '')})" for rule in rules if rule["health"] == "err"]
    return none("rules that end in an error", broken, len(rules))


@check(remedy="Start Prometheus with --storage.tsdb.retention.time=<days>d.")
def retention_at_least(prometheus: Prometheus, *, url: str, days: float, key: str = "", scheme: str = "Bearer") -> Verdict:
    """Prometheus keeps its data for the wished number of days or longer.

    Reads ``storageRetention`` of ``/api/v1/status/runtimeinfo``; a limit of size beside it may end the data earlier.

    Example:
        check: prometheus.retention_at_least
        with: {url: "https://prometheus.example.com", days: 15}

    """
    told = str(prometheus.at(url, key, scheme).ask("status/runtimeinfo")["storageRetention"])
    return judges.at_least(f"Retention of {url} ('{told}')", round(seconds(told) / 86400, 2), days, "days")


@check(remedy='Open <url>/alerts, and its history: ALERTS{alertstate="firing"} as a graph.')
def alert_history(
    prometheus: Prometheus,
    *,
    url: str,
    hours: float = 24,
    at_most: int | None = None,
    except_alerts: list[str] | None = None,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """Which alerts fired in the last hours and for how long, and that they are few enough.

    Asks for the series ``ALERTS`` over ``hours``. ``at_most`` is how many different alerts may have fired; without it whatever
    fired is shown for a person to judge. ``except_alerts`` are always there, such as Watchdog. A Prometheus without any rule
    of an alert is unknown: its silence says nothing.

    Example:
        check: prometheus.alert_history
        with: {url: "https://prometheus.example.com", hours: 24, at_most: 0, except_alerts: [Watchdog]}

    """
    server = prometheus.at(url, key, scheme)
    if not any(rule["type"] == "alerting" for rule in _rules(server)):
        return unknown(f"{url} has no rule of an alert, so nothing could fire.")
    step = max(15.0, hours * 15)
    query = 'count by (alertname) (ALERTS{alertstate="firing"})'
    fired = {
        name: f"{name} for {len(each.points) * step / 60:.0f} minutes"
        for each in server.over(query, hours * 60, step)
        if each.points and (name := each.labels.get("alertname", "")) not in (except_alerts or ())
    }
    told = (
        f"In the last {hours:g} hours fired: {listed(sorted(fired.values()))}."
        if fired
        else f"No alert fired in {hours:g} hours."
    )
    return failed(f"{told} Wanted at most {at_most}.") if at_most is not None and len(fired) > at_most else passed(told)


@check(remedy="Make the condition of the alert true for longer than its `for`, then look at <url>/alerts.")
def alert_fired(
    prometheus: Prometheus, *, url: str, alert: str, minutes: float = 60, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """The alert fired in the last minutes: a test of it that was seen.

    Asks for the series ``ALERTS`` of the alert.

    Example:
        check: prometheus.alert_fired
        with: {url: "https://prometheus.example.com", alert: ReleaseTest, minutes: 30}

    """
    server = prometheus.at(url, key, scheme)
    fired = server.over(f'ALERTS{{alertname="{alert}",alertstate="firing"}}', minutes)
    if not any(each.points for each in fired):
        return failed(f"Alert {alert} did not fire in the last {minutes:g} minutes.")
    return passed(f"Alert {alert} fired in the last {minutes:g} minutes.")


def _rules(server: Server) -> list[Answer]:
    return [rule for group in server.ask("rules")["groups"] for rule in group["rules"]]
