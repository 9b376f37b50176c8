"""*Service*: what callers get, by day and by line."""

from __future__ import annotations

from router.observe.dashboards.board import Board, Section
from router.observe.dashboards.keeping import ARE_CALL_BACKS_KEPT, WHAT_TALKS_LED_TO
from router.observe.dashboards.limits import (
    ACT,
    ASIDE,
    NO_LIMIT,
    PLAIN,
    WATCH,
    WELL,
    bad_from,
    good_from,
    never,
)
from router.observe.dashboards.panels import COUNT, SECONDS, SHARE, Bars, Chart, Number, Query, Size
from router.observe.dashboards.team import ARE_LISTENERS_SPARED, DO_PHONES_GET_PICKED_UP

PICKED_UP_GOAL, IN_TIME_GOAL = 0.998, 0.99
"""The objectives of config/prometheus/rules/slo.yml."""

OUTCOMES = {
    "answered": WELL,
    "fallback_answered": WATCH,
    "promised": PLAIN,
    "left_early": ASIDE,
    "refused": ASIDE,
    "lost": ACT,
}

EDGES = (
    ("20.0", "20 seconds"),
    ("45.0", "45 seconds"),
    ("60.0", "a minute"),
    ("120.0", "two minutes"),
)
"""Edges of the waits from the objective on, and how they are said."""

DAY = "[1d] offset -1d"
"""From a bar's instant on, so that it stands where its day begins; of today so much as there is."""

ANSWERED = f'sum by (line) (increase(decroche_answer_wait_seconds_count{{line=~"$line"}}{DAY}))'
ENDED = f'sum by (line) (increase(decroche_calls_total{{{{line=~"$line", outcome=~"{{}}"}}}}{DAY}))'
LOST = ENDED.format("lost")
DECIDED = f"({ANSWERED} + {ENDED.format('lost|promised')})"

A_QUARTER = Size(6, 6)
PROMISE_TO_CALLERS = (
    Number(
        "Picked up, last 24 hours",
        "Of all calls that were decided, the share that a human took: whoever hung up "
        "within seconds, or was refused, is not counted. We aim at 99.8 %.",
        SHARE,
        good_from(0.99, PICKED_UP_GOAL),
        A_QUARTER,
        (Query('line:decroche_slo_share:ratio1d{slo="picked_up", line=~"$line"}', "{{line}}"),),
        decimals=1,
    ),
    Number(
        "Picked up within 20 s, last 24 hours",
        "The same, within 20 s of the caller's arrival. We aim at 99 %.",
        SHARE,
        good_from(0.95, IN_TIME_GOAL),
        A_QUARTER,
        (Query('line:decroche_slo_share:ratio1d{slo="in_20s", line=~"$line"}', "{{line}}"),),
        decimals=1,
    ),
    Number(
        "Left of the month's budget of misses",
        "All of it: nobody was missed in 30 days. Nothing: as many as the objective "
        "allows. Less: more than that.",
        SHARE,
        good_from(0, 0.25),
        A_QUARTER,
        (Query('1 - line:decroche_slo_burn:ratio30d{line=~"$line"}', "{{line}}, {{slo}}"),),
        decimals=0,
    ),
    Chart(
        "How fast is the budget used up?",
        "Times too fast: 1 uses it up in exactly 30 days. The last hour is what the fast "
        "alert looks at, the last three days the slow one; each also wants it still to go on.",
        COUNT,
        bad_from(1, 14.4),
        A_QUARTER,
        tuple(
            Query(
                f'max by (slo) (line:decroche_slo_burn:ratio{window}{{line=~"$line"}})',
                f"{{{{slo}}}}, {window}",
            )
            for window in ("1h", "3d")
        ),
        alerts=("DecrocheSloBurnFast", "DecrocheSloBurnSlow"),
    ),
)

OF_DAYS = Size(7, 8)
EACH_DAY = (
    Chart(
        "Picked up, by day",
        "Of the calls that were decided on that day, the share that a human took.",
        SHARE,
        good_from(0.99, PICKED_UP_GOAL),
        OF_DAYS,
        (Query(f"{ANSWERED} / ({DECIDED} > 0)", "{{line}}"),),
        decimals=1,
        is_by_day=True,
        lowest=0.9,
    ),
    Chart(
        "Cared for, by day",
        "Picked up, or promised a call-back instead: all but the callers whom we lost. "
        "Whether promises were kept is said further below.",
        SHARE,
        good_from(PICKED_UP_GOAL, 1),
        OF_DAYS,
        (Query(f"1 - {LOST} / ({DECIDED} > 0)", "{{line}}"),),
        decimals=1,
        is_by_day=True,
        lowest=0.9,
    ),
    Chart(
        "Calls by day, and how they ended",
        "left_early: hung up within seconds. refused: the call was not let in. "
        "promised: ended with a call-back owed. lost: waited, and left with nobody and "
        "nothing.",
        COUNT,
        NO_LIMIT,
        OF_DAYS,
        (
            Query(
                f'sum by (outcome) (increase(decroche_calls_total{{line=~"$line"}}{DAY}))',
                "{{outcome}}",
            ),
        ),
        decimals=0,
        colours=OUTCOMES,
        is_by_day=True,
        is_stacked=True,
    ),
    Number(
        "Lost, last 24 hours",
        "Callers who waited, and left with nobody and nothing.",
        COUNT,
        never(),
        Size(3, 8),
        (
            Query(
                'sum(increase(decroche_calls_total{line=~"$line", outcome="lost"}[1d]))', "callers"
            ),
        ),
        alerts=("DecrocheCallLost",),
        decimals=0,
    ),
)

WAIT = "decroche_answer_wait_seconds"
WAITS = (
    Bars(
        "How many are answered within ...",
        "Of the callers who were answered in the time that is shown, from their "
        "arrival to the first word. The objective is 99 % within 20 s.",
        SHARE,
        good_from(0.95, IN_TIME_GOAL),
        Size(6, 8),
        tuple(
            Query(
                f'sum(increase({WAIT}_bucket{{line=~"$line", le="{edge}"}}[$__range])) '
                f'/ (sum(increase({WAIT}_count{{line=~"$line"}}[$__range])) > 0)',
                words,
            )
            for edge, words in EDGES
        ),
        decimals=1,
        most=1,
    ),
    Chart(
        "Waits over the days",
        "Each point is about the six hours before it: so long waited the caller in the "
        "middle, and the one of ten and of a hundred who waited longest.",
        SECONDS,
        bad_from(20, 60),
        Size(10, 8),
        tuple(
            Query(
                f"histogram_quantile({share}, sum by (le) "
                f'(rate({WAIT}_bucket{{line=~"$line"}}[6h])))',
                words,
            )
            for share, words in ((0.5, "half"), (0.9, "9 in 10"), (0.99, "99 in 100"))
        ),
    ),
    Bars(
        "How far up the ladder did calls come?",
        "Calls that came to a further rung, because nobody was found on those before. "
        "The last one rings everybody on duty.",
        COUNT,
        NO_LIMIT,
        Size(5, 8),
        (
            Query(
                'sum by (rung) (increase(decroche_rungs_total{line=~"$line"}[$__range]))',
                "rung {{rung}}",
            ),
        ),
        decimals=0,
    ),
    Number(
        "The fallback group was rung",
        "Callers for whom the dialplan began to ring it: told to, as nobody had taken them in "
        "the line's time (of all lines), or by itself, without the daemon.",
        COUNT,
        never(),
        Size(3, 8),
        (
            Query('sum(increase(decroche_fallback_began_total{line=~"$line"}[$__range]))', "rung"),
            Query("sum(increase(decroche_sent_to_fallback_total[$__range]))", "told to"),
        ),
        alerts=("DecrocheFallbackInUse",),
        decimals=0,
    ),
)

SERVICE = Board(
    name="service",
    title="decroche: Service",
    meaning="What callers get: picked up, cared for, after what wait, and whether what was "
    "promised is kept. Days are those of the browser.",
    since="now-7d",
    refreshed="5m",
    by_line=True,
    sections=(
        Section("Do we keep what we promise to callers?", PROMISE_TO_CALLERS),
        Section("How did each day go?", EACH_DAY),
        Section("How long do callers wait?", WAITS),
        ARE_CALL_BACKS_KEPT,
        DO_PHONES_GET_PICKED_UP,
        WHAT_TALKS_LED_TO,
        ARE_LISTENERS_SPARED,
    ),
)
