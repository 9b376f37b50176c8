"""Whether phones get picked up, and whether those who do are spared: parts of *Service*."""

from __future__ import annotations

from router.observe.dashboards.board import Section
from router.observe.dashboards.limits import (
    ASIDE,
    NO_LIMIT,
    PLAIN,
    WATCH,
    WELL,
    bad_from,
    good_from,
)
from router.observe.dashboards.panels import COUNT, SHARE, Bars, Chart, Number, Query, Size

RINGS = 'sum(increase(decroche_offers_total{{line=~"$line", result=~"{}"}}[$__range]))'

COULD_BE_TAKEN = "talked|declined|no_answer|busy|unreachable|no_key"
"""Rings whose end was the listener's, or their phone's; others were withdrawn, or lost a race."""

STATES = {
    "free": WELL,
    "offered": WATCH,
    "talking": PLAIN,
    "wrap_up": "light-blue",
    "resting": "purple",
    "paused": ASIDE,
    "off": "#4a4a4a",
}

DO_PHONES_GET_PICKED_UP = Section(
    "Do phones get picked up?",
    (
        Number(
            "Rings that were taken",
            "Of the rings that could be taken: those that another listener was quicker to "
            "take, or that were withdrawn, are left aside.",
            SHARE,
            good_from(0.4, 0.7),
            Size(4, 8),
            (Query(f"{RINGS.format('talked')} / ({RINGS.format(COULD_BE_TAKEN)} > 0)", "taken"),),
            decimals=0,
        ),
        Bars(
            "How rings ended",
            "Many no_answer: listeners do not hear their phone. Many unreachable or busy: "
            "a trunk that is down or full. lost_race: another was quicker.",
            COUNT,
            NO_LIMIT,
            Size(8, 8),
            (
                Query(
                    "sort_desc(sum by (result) "
                    '(increase(decroche_offers_total{line=~"$line"}[$__range])) > 0)',
                    "{{result}}",
                ),
            ),
            decimals=0,
        ),
        Chart(
            "How many phones ring for one call?",
            "On average over the six hours before, by line. It grows when listeners take "
            "fewer of their rings.",
            COUNT,
            bad_from(5, 13),
            Size(8, 8),
            (
                Query(
                    'sum by (line) (rate(decroche_ring_width_sum{line=~"$line"}[6h])) '
                    '/ (sum by (line) (rate(decroche_ring_width_count{line=~"$line"}[6h])) > 0)',
                    "{{line}}",
                ),
            ),
            decimals=1,
        ),
        Bars(
            "Callers with a usual listener",
            "Those whose usual listener was rung: answered by that one, or by another.",
            COUNT,
            NO_LIMIT,
            Size(4, 8),
            (
                Query(
                    "sum by (result) "
                    '(increase(decroche_same_listener_total{line=~"$line"}[$__range]))',
                    "{{result}}",
                ),
            ),
            decimals=0,
        ),
    ),
)

ARE_LISTENERS_SPARED = Section(
    "Are listeners spared?",
    (
        Chart(
            "Who was there",
            "Listeners by what they were doing, of all pools.",
            COUNT,
            NO_LIMIT,
            Size(12, 8),
            (Query("sum by (state) (decroche_listeners)", "{{state}}"),),
            decimals=0,
            colours=STATES,
            is_stacked=True,
        ),
        Bars(
            "Calls given though a preference spoke against it",
            "All lines. Before a caller is lost a preference bends; many of one kind mean "
            "that too few are there.",
            COUNT,
            NO_LIMIT,
            Size(7, 8),
            (
                Query(
                    "sum by (kind) (increase(decroche_care_bendings_total[$__range]))", "{{kind}}"
                ),
            ),
            decimals=0,
        ),
        Bars(
            "Times that those on call were woken",
            "By the line that was at risk. Often woken: too few are on duty.",
            COUNT,
            bad_from(1),
            Size(5, 8),
            (
                Query(
                    'sum by (line) (increase(decroche_wakes_total{line=~"$line"}[$__range]))',
                    "{{line}}",
                ),
            ),
            decimals=0,
        ),
    ),
)
