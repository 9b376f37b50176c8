"""Whether call-backs are kept, and what talks led to: parts of *Service*."""

from __future__ import annotations

from router.observe.dashboards.board import Section
from router.observe.dashboards.limits import NO_LIMIT, bad_from, good_from, never
from router.observe.dashboards.panels import COUNT, SECONDS, SHARE, Bars, Chart, Number, Query, Size

KEPT = 'sum(increase(decroche_promises_kept_total{{line=~"$line"{}}}[$__range]))'

ON_TIME = ', on_time="yes"'

FAULTS = "store|too_slow|no_number"

ARE_CALL_BACKS_KEPT = Section(
    "Are call-backs kept?",
    (
        Number(
            "Kept on time",
            "Of the call-backs that were kept in the time that is shown, the share that "
            "was rung by the time the caller had been told.",
            SHARE,
            good_from(0.95, 0.99),
            Size(4, 7),
            (Query(f"{KEPT.format(ON_TIME)} / ({KEPT.format('')} > 0)", "on time"),),
            decimals=1,
        ),
        Number(
            "With the seniors",
            "Call-backs whose attempts are used up, on all lines: a senior is to decide.",
            COUNT,
            bad_from(1),
            Size(4, 7),
            (Query('sum(decroche_promises_owed{state="with_seniors"})', "call-backs"),),
            alerts=("DecrochePromisesWithSeniors",),
        ),
        Number(
            "Not noted, or number lost",
            "Callers who wanted to be called back and could not be promised it by a fault "
            "of ours, on all lines: they kept their place in the queue. And call-backs that "
            "are owed and whose number is lost.",
            COUNT,
            never(),
            Size(4, 7),
            (
                Query(
                    "sum(increase("
                    f'decroche_promises_not_noted_total{{reason=~"{FAULTS}"}}[$__range]))',
                    "not noted",
                ),
                Query("max(decroche_promises_without_number)", "number lost"),
            ),
            alerts=("DecrochePromisesNotNoted", "DecrochePromiseWithoutNumber"),
            decimals=0,
        ),
        Bars(
            "What became of call-backs",
            "Promises made and closed, and each attempt to keep one.",
            COUNT,
            NO_LIMIT,
            Size(6, 7),
            (
                Query(
                    "sort_desc(sum by (result) "
                    '(increase(decroche_promises_total{line=~"$line"}[$__range])))',
                    "{{result}}",
                ),
            ),
            decimals=0,
        ),
        Chart(
            "How late are those that are late?",
            "Each point is about the day before it: nine call-backs of ten were kept no "
            "later than so long after the time that the caller had been told.",
            SECONDS,
            bad_from(60, 900),
            Size(6, 7),
            (
                Query(
                    "histogram_quantile(0.9, sum by (le) "
                    '(rate(decroche_promise_lateness_seconds_bucket{line=~"$line"}[1d])))',
                    "9 in 10",
                ),
            ),
        ),
    ),
)

WHAT_TALKS_LED_TO = Section(
    "What did talks lead to?",
    (
        Bars(
            "What listeners said",
            "What they keyed after the talk, or in it. Hanging up says nothing, so these "
            "are fewer than the calls.",
            COUNT,
            NO_LIMIT,
            Size(8, 7),
            (
                Query(
                    "sum by (disposition) "
                    '(increase(decroche_dispositions_total{line=~"$line"}[$__range]))',
                    "{{disposition}}",
                ),
            ),
            decimals=0,
        ),
        Chart(
            "Was there help when a listener asked for it?",
            "Each point is about the day before it: times that a listener asked for a "
            "senior, or for somebody for a shock, and found one, found nobody, or the talk "
            "was over before.",
            COUNT,
            NO_LIMIT,
            Size(8, 7),
            (
                Query(
                    "sum by (kind, result) "
                    '(increase(decroche_help_searches_total{line=~"$line"}[1d]))',
                    "{{kind}}: {{result}}",
                ),
            ),
            decimals=0,
            is_stacked=True,
        ),
        Number(
            "Hard talks",
            "Talks that a listener marked as hard, on all lines: who had one is spared for "
            "a while.",
            COUNT,
            NO_LIMIT,
            Size(4, 7),
            (Query("sum(increase(decroche_hard_talks_total[$__range]))", "talks"),),
            decimals=0,
        ),
        Number(
            "A senior to call at once, and no promise of it",
            "Callers who were told that a senior calls at once, whom no promise names.",
            COUNT,
            never(),
            Size(4, 7),
            (
                Query(
                    'sum(increase(decroche_senior_call_backs_owed_total{line=~"$line"}[$__range]))',
                    "callers",
                ),
            ),
            alerts=("DecrocheSeniorCallBackOwed",),
            decimals=0,
        ),
    ),
)
