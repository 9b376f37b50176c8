"""*Now*, one screen for the wall: who waits, who can take them, what comes next."""

from __future__ import annotations

from router.observe.dashboards.board import Board, Section
from router.observe.dashboards.limits import ACT, NO_LIMIT, WATCH, WELL, Limits, bad_from, good_from
from router.observe.dashboards.panels import COUNT, SECONDS, SHARE, Bars, Chart, Number, Query, Size
from router.observe.dashboards.parts import does_it_run, what_is_wrong

UNKNOWN_FROM_SECONDS = 3_600
"""An expected wait is infinite where it is not known: Grafana gets this instead."""

FREE = 'sum(decroche_listeners{state="free"})'

OPEN = "and on (line, instance) decroche_line_open == 1"

WAITING = "sum(decroche_calls_waiting)"

PROMISE_STATES = (
    ("waiting", "waiting its time"),
    ("searching", "finding a listener"),
    ("dialling", "ringing the caller"),
    ("talking", "talking"),
    ("rang_back", "caller rang first"),
    ("with_seniors", "with the seniors"),
)


IS_ANY_CALLER_WAITING = Section(
    "Is any caller waiting?",
    (
        Number(
            "Callers waiting",
            "Callers on all lines who have no human yet, those who still hear the welcome "
            "among them. Some are usual; it is their wait that matters.",
            COUNT,
            bad_from(2, 5),
            Size(4, 7),
            (Query(WAITING, "waiting"),),
        ),
        Number(
            "The longest wait",
            "How long the caller has waited who has waited longest, on any line, but for "
            "those who chose to wait for one listener. Orange: the 20 s that we aim at are "
            "over.",
            SECONDS,
            bad_from(20, 60),
            Size(4, 7),
            (Query("max(decroche_longest_wait_seconds)", "longest"),),
            alerts=("DecrocheCallerWaitsTooLong",),
            decimals=1,
        ),
        Bars(
            "The longest wait, by line",
            "The same for each line. A full bar is a minute and a half, at which the "
            "fallback group's phones ring too.",
            SECONDS,
            bad_from(20, 60),
            Size(6, 7),
            (Query("max by (line) (decroche_longest_wait_seconds)", "{{line}}"),),
            alerts=("DecrocheCallerWaitsTooLong",),
            decimals=1,
            most=90,
            is_large=True,
        ),
        Chart(
            "Waiting callers and free listeners",
            "The last hour. Trouble is where red is above green.",
            COUNT,
            bad_from(2, 5),
            Size(10, 7),
            (
                Query(WAITING, "callers waiting"),
                Query(FREE, "listeners free"),
            ),
            decimals=0,
            colours={"callers waiting": ACT, "listeners free": WELL},
        ),
    ),
)

WHO_CAN_TAKE_THEM = Section(
    "Who can take them?",
    (
        Number(
            "Listeners free",
            "Listeners on duty whose phone can be rung now, of all pools. With nobody free "
            "the next caller waits for one of those who talk or rest.",
            COUNT,
            Limits(WATCH, ((1, WELL),)),
            Size(4, 6),
            (Query(FREE, "free"),),
        ),
        Number(
            "What the others do",
            "ringing: their phone rings for a caller. wrap-up and resting: they are left "
            "in peace for a while. paused and off: they take no calls.",
            COUNT,
            NO_LIMIT,
            Size(13, 6),
            tuple(
                Query(f'sum(decroche_listeners{{state="{state}"}})', words)
                for state, words in (
                    ("offered", "ringing"),
                    ("talking", "talking"),
                    ("wrap_up", "wrap-up"),
                    ("resting", "resting"),
                    ("paused", "paused"),
                    ("off", "off"),
                )
            ),
        ),
        Bars(
            "On duty for each line",
            "Listeners on duty, busy or not, whom the line's ladder asks for; its last "
            "rung, which asks everybody, is left aside. Lines that are closed now are not shown.",
            COUNT,
            good_from(1, 2),
            Size(7, 6),
            (Query(f"sum by (line) (decroche_listeners_on_duty {OPEN})", "{{line}}"),),
            alerts=("DecrocheNobodyOnDuty",),
            is_large=True,
        ),
    ),
)

WHAT_COMES_NEXT = Section(
    "What comes next?",
    (
        Bars(
            "Will the next caller wait too long?",
            "The chance that the line's next call is not answered within its target. From "
            "orange on those on call are woken, where the line says so. Lines that are closed "
            "now are not shown.",
            SHARE,
            bad_from(0.2, 0.5),
            Size(7, 6),
            (Query(f"max by (line) (decroche_next_call_miss_risk {OPEN})", "{{line}}"),),
            alerts=("DecrocheNextCallAtRisk",),
            decimals=0,
            most=1,
            is_large=True,
        ),
        Bars(
            "How much longer will the last in line wait?",
            "Nine times in ten no longer than this; a full bar is two minutes or more. It "
            "is not known where too little has been seen yet, or nobody is on duty.",
            SECONDS,
            bad_from(20, 60),
            Size(5, 6),
            (
                Query(
                    "clamp_max(max by (line) (decroche_expected_wait_seconds), "
                    f"{UNKNOWN_FROM_SECONDS})",
                    "{{line}}",
                ),
            ),
            decimals=1,
            unknown_from=UNKNOWN_FROM_SECONDS,
            most=120,
            is_large=True,
        ),
        Number(
            "Were those on call woken?",
            "How often in a row those on call have been rung without the line's risk "
            "becoming low, on the line where it is worst.",
            COUNT,
            bad_from(1, 2),
            Size(3, 6),
            (Query("max(decroche_wakes_in_a_row)", "times"),),
            alerts=("DecrocheWakesUnanswered",),
        ),
        Number(
            "Is a call-back late?",
            "For how long the call-back has been due that is most overdue, of those whom we may "
            "ring at this hour. Those with the seniors are counted beside it.",
            SECONDS,
            bad_from(1, 60),
            Size(3, 6),
            (Query("max(decroche_promise_overdue_seconds)", "late by"),),
            alerts=("DecrochePromiseOverdue",),
            decimals=1,
        ),
        Bars(
            "Call-backs that are open",
            "Whom we owe a call, by where it stands. Those with the seniors have used up "
            "all attempts, and wait for a decision.",
            COUNT,
            NO_LIMIT,
            Size(6, 6),
            tuple(
                Query(f'sum(decroche_promises_owed{{state="{state}"}})', words)
                for state, words in PROMISE_STATES
            ),
        ),
    ),
)

NOW = Board(
    name="now",
    title="decroche: Now",
    meaning="One screen for the wall: is any caller waiting, who can take them, what comes next. "
    "Green needs nobody, orange is to be watched, red wants somebody to act.",
    since="now-1h",
    refreshed="5s",
    sections=(
        Section("Is anything wrong?", (what_is_wrong(Size(12, 4)), does_it_run(Size(12, 4)))),
        IS_ANY_CALLER_WAITING,
        WHO_CAN_TAKE_THEM,
        WHAT_COMES_NEXT,
    ),
)
