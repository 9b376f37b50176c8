"""A real Prometheus that scrapes `make demo` finds data for all that is asked of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from router.ami.parse import BadReason
from router.core.machine import EventRefused
from tests.observe.dashboards import queries
from tests.observe.prometheus import Demo, Prometheus, demo
from tests.observe.rules import rules
from tests.testbed.need import require_program

pytestmark = pytest.mark.slow

SELECTOR = re.compile(
    r"\b(?:line:|decroche:)?(?:decroche_|slo_budget)[\w:]*(?:\{[^}]*\})?|\bup\{[^}]*\}"
)

SCRAPES_UNTIL_AN_ALERT = 20
"""One a second; an alert that waits for seconds waits for ten of them here."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, Prometheus]]:
    require_program("mosquitto")
    with demo(tmp_path_factory.mktemp("demo")) as running:
        server = Prometheus(tmp_path_factory.mktemp("prometheus") / "etc", running.port)
        try:
            yield running, server
        finally:
            server.stop()


def empty(server: Prometheus, expressions: set[str]) -> set[str]:
    """Give those of the expressions that come to nothing."""
    return {one for one in expressions if not server.query(one)}


def unanswered(server: Prometheus) -> dict[str, list[str]]:
    """Give the queries of dashboards that come to nothing, or to nothing that has a name."""
    missing = defaultdict(list)
    for panel, target, expr in queries():
        shown = server.values(expr, at_once=target.instant, of_days=panel.every == "1d")
        if not shown or any(target.labels_shown - set(one["metric"]) for one in shown):
            missing[panel.title].append(expr)
    return missing


def selectors() -> set[str]:
    """Give each series that a rule asks for, as it asks for it."""
    return {name for rule in rules() for name in SELECTOR.findall(rule.expr)}


def test_every_rule_finds_the_series_it_asks_for_and_every_recorded_one_has_data(
    watched: tuple[Demo, Prometheus],
) -> None:
    demo, server = watched
    wanted = selectors() | {rule.record for rule in rules() if rule.record}
    assert demo.wait_for(lambda: not empty(server, wanted)), empty(server, wanted)


def test_every_query_of_every_dashboard_has_an_answer(watched: tuple[Demo, Prometheus]) -> None:
    demo, server = watched
    assert demo.wait_for(lambda: not unanswered(server)), unanswered(server)


def test_calls_are_taken_on_apps_and_asked_for_on_the_site_and_none_of_that_is_refused(
    watched: tuple[Demo, Prometheus],
) -> None:
    demo, server = watched
    wanted = {
        'decroche_presence_messages_total{kind="accept"} > 0',
        'decroche_api_requests_total{client="site",status="201"} > 0',
        'decroche_api_requests_total{client="site",status="200"} > 0',
    }
    assert demo.wait_for(lambda: not empty(server, wanted)), empty(server, wanted)
    # An app's word may cross the news that another phone was quicker.
    assert not server.query('decroche_presence_refused_total{reason!~"not_now|not_theirs"} > 0')
    # Nor is a call-back cancelled that was asked for by phone, too.
    assert not server.query('decroche_api_requests_total{status!~"200|201|204|409"} > 0')


def test_each_reason_for_which_a_message_is_ignored_stands_at_0_from_the_start(
    watched: tuple[Demo, Prometheus],
) -> None:
    demo, server = watched
    refusals = {refusal.__name__ for refusal in EventRefused.__subclasses__()}
    wanted = {
        f'decroche_ignored_events_total{{reason="{reason}"}}'
        for reason in {*get_args(BadReason), *refusals}
    }
    assert demo.wait_for(lambda: not empty(server, wanted)), empty(server, wanted)


def test_every_rule_is_worked_out_without_an_error(watched: tuple[Demo, Prometheus]) -> None:
    demo, server = watched
    told: list[dict[str, Any]] = []

    def all_tried() -> bool:
        told[:] = server.rules()
        return len(told) == len(rules()) and all(rule["health"] != "unknown" for rule in told)

    assert demo.wait_for(all_tried), told
    assert {rule["health"] for rule in told} == {"ok"}, [rule.get("lastError") for rule in told]


def test_no_alert_about_the_machine_comes_of_a_demo_that_runs_well(
    watched: tuple[Demo, Prometheus],
) -> None:
    demo, server = watched
    assert demo.wait_for(lambda: server.scrapes() >= SCRAPES_UNTIL_AN_ALERT)
    names = {rule.alert for rule in rules("daemon.yml") if rule.alert}
    firing = server.query('ALERTS{alertstate="firing"}')
    assert not names & {alert["metric"]["alertname"] for alert in firing}
