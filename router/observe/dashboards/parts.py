"""Panels that more than one dashboard shows."""

from __future__ import annotations

from grafana_foundation_sdk.models.common import BigValueTextMode

from router.observe.dashboards.board import ALERTS
from router.observe.dashboards.limits import YES_OR_NO, never
from router.observe.dashboards.panels import COUNT, YES_NO, Number, Query, Size

RULES = "decroche:slo_budget"
"""Recorded wherever the rules are that come with us: without it no alert says nothing."""


def what_is_wrong(size: Size) -> Number:
    """Name the alerts that fire."""
    name = 'label_replace({}, "what", "{}", "alertname", "{}")'
    firing = name.format(f"count by (alertname) ({ALERTS})", "$1", "Decroche(.*)")
    none = name.format(f"(0 * max({RULES}) unless on () {ALERTS})", "all is well", "")
    blind = name.format(f"absent({RULES})", "the alert rules are not loaded", "")
    return Number(
        "What is wrong?",
        "The alerts that fire now, by name, as Prometheus works them out. Each has its section "
        "in docs/runbook.md: what the caller feels, what to look at, what to do.",
        COUNT,
        never(),
        size,
        (Query(f"{firing} or {none} or {blind}", "{{what}}"),),
        texts=BigValueTextMode.NAME,
    )


def does_it_run(size: Size) -> Number:
    """Say of the daemon and of each of its links whether it is there."""
    return Number(
        "Does the machine run?",
        "Whether the daemon answers, has its link to Asterisk, stores what happens, can make "
        "promises, and reaches the message broker, which is not shown where there is none. "
        "Without daemon or Asterisk link the dialplan rings the fallback group by itself.",
        YES_NO,
        YES_OR_NO,
        size,
        (
            Query('min(up{job="decroche"})', "daemon"),
            Query("min(decroche_ami_connected)", "Asterisk"),
            Query("min(decroche_journal_connected)", "journal"),
            Query("min(decroche_promise_store_up)", "promises"),
            Query("min(decroche_broker_connected)", "broker"),
        ),
        alerts=("DecrocheDown",),
    )
