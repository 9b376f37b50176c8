"""*Engine*: the machine, for whoever is to mend it."""

from __future__ import annotations

from grafana_foundation_sdk.models.common import BigValueTextMode

from router.observe.dashboards.board import Board, Section
from router.observe.dashboards.limits import NO_LIMIT, YES_OR_NO, bad_from, never
from router.observe.dashboards.links import (
    DO_APPS_AND_SITES_REACH_US,
    DOES_ASTERISK_SPEAK_WITH_US,
    IS_WHAT_HAPPENS_STORED,
)
from router.observe.dashboards.panels import (
    BYTES,
    COUNT,
    SECONDS,
    SHARE,
    YES_NO,
    Chart,
    Number,
    Query,
    Size,
    quantiles,
)
from router.observe.dashboards.parts import does_it_run, what_is_wrong

JOB = '{job="decroche"}'


DOES_IT_RUN = (
    what_is_wrong(Size(6, 5)),
    does_it_run(Size(6, 5)),
    Number(
        "Started anew",
        "Times in the last quarter of an hour. A daemon that dies is there again after a "
        "second; meanwhile rings are given up, and callers go to the fallback group.",
        COUNT,
        bad_from(1, 3),
        Size(3, 5),
        (Query(f"max(changes(process_start_time_seconds{JOB}[15m]))", "times"),),
        alerts=("DecrocheRestarting",),
        decimals=0,
    ),
    Number(
        "Found as it must never be",
        "Times in the last 24 hours that the engine found something as it must never "
        "be. It is a fault of ours.",
        COUNT,
        never(),
        Size(3, 5),
        (Query("sum(increase(decroche_invariant_violations_total[1d]))", "times"),),
        alerts=("DecrocheInvariantViolated",),
        decimals=0,
    ),
    Number(
        "Was the last configuration taken?",
        "No: it was refused when it was read anew, and the one before holds. The log "
        "says what is wrong with it (`config_refused`).",
        YES_NO,
        YES_OR_NO,
        Size(3, 5),
        (Query("min(decroche_config_last_reload_successful)", "taken"),),
        alerts=("DecrocheConfigRefused",),
    ),
    Number(
        "What runs",
        "The version of the daemon that runs, and for how long.",
        SECONDS,
        NO_LIMIT,
        Size(3, 5),
        (
            Query(
                f"(time() - process_start_time_seconds{JOB}) "
                "* on (instance) group_left (version) decroche_build_info",
                "version {{version}}",
            ),
        ),
        texts=BigValueTextMode.VALUE_AND_NAME,
    ),
)

A_THIRD = Size(8, 7)
IS_IT_QUICK_ENOUGH = (
    Chart(
        "How late does the loop wake up?",
        "The loop that routes calls, against when it meant to wake. Whatever is late "
        "here rings later by as much.",
        SECONDS,
        bad_from(0.1, 0.25),
        A_THIRD,
        quantiles("decroche_loop_lag_seconds"),
        alerts=("DecrocheLoopSlow",),
    ),
    Chart(
        "Since when has the loop not turned?",
        "It turns each two seconds at least. Standing still it routes nobody, and "
        "within seconds the fallback group rings.",
        SECONDS,
        bad_from(5, 15),
        A_THIRD,
        (Query("time() - max(decroche_loop_last_turn_timestamp_seconds)", "seconds since"),),
        alerts=("DecrocheLoopStuck",),
    ),
    Chart(
        "From what may ring to its ring",
        "How long the daemon takes to ring a listener for somebody who waits, from the instant "
        "at which the rules have it so: a rest or a further rung is meant to come later, and is "
        "no part of it.",
        SECONDS,
        bad_from(0.1, 0.5),
        A_THIRD,
        quantiles("decroche_free_to_ring_seconds"),
    ),
)

A_QUARTER = Size(6, 7)
HAS_IT_ROOM = (
    Chart(
        "Processor",
        "How much of one core the daemon uses. It cannot use more than one.",
        SHARE,
        bad_from(0.5, 0.8),
        A_QUARTER,
        (Query(f"rate(process_cpu_seconds_total{JOB}[$__rate_interval])", "daemon"),),
    ),
    Chart(
        "Memory",
        "What the daemon holds in memory, its embedded store aside.",
        BYTES,
        bad_from(500_000_000, 1_000_000_000),
        A_QUARTER,
        (Query(f"process_resident_memory_bytes{JOB}", "daemon"),),
    ),
    Chart(
        "Open files",
        "Files and connections that it has open, as a share of those that it may have.",
        SHARE,
        bad_from(0.5, 0.8),
        A_QUARTER,
        (Query(f"process_open_fds{JOB} / process_max_fds{JOB}", "daemon"),),
    ),
    Number(
        "Lines of the log that are lost",
        "In the last 24 hours: what reads the log stood still, or its disk was full. Calls are "
        "routed all the same, and what would tell of them later is gone.",
        COUNT,
        never(),
        A_QUARTER,
        (Query("sum(increase(decroche_log_lines_dropped_total[1d]))", "lines"),),
        alerts=("DecrocheLogLinesDropped",),
        decimals=0,
    ),
)

ENGINE = Board(
    name="engine",
    title="decroche: Engine",
    meaning="The daemon and what it is linked to: Asterisk, its store, a broker, the API's "
    "clients. While it is down the dialplan's fallback takes the calls.",
    since="now-6h",
    refreshed="30s",
    sections=(
        Section("Does it run?", DOES_IT_RUN),
        Section("Is it quick enough?", IS_IT_QUICK_ENOUGH),
        DOES_ASTERISK_SPEAK_WITH_US,
        IS_WHAT_HAPPENS_STORED,
        DO_APPS_AND_SITES_REACH_US,
        Section("Has it room?", HAS_IT_ROOM),
    ),
)
