"""For each alert, what makes it fire, and what comes close and does not: one sample each 15 s."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

Series = dict[str, str]
"""A metric with its labels, without `decroche_`, to its values in promtool's notation.

What Prometheus and the process itself tell of has its whole name.
"""

WELL: Final[Series] = {'up{job="decroche",instance="a"}': "1x500"}
"""What is so besides, unless a case says otherwise."""

NEVER = "0x400"


class Case(Struct, frozen=True):
    """An alert, what makes it fire by then, and what leaves all alerts silent until then."""

    alert: str
    fires: Series
    silent: Series
    at: str = "10m"
    silent_for: str = ""
    """Until then, where it may have fired before; else from the begin on."""

    @property
    def is_about_objectives(self) -> bool:
        """Say whether it goes by the recorded objectives."""
        return self.alert.startswith("DecrocheSlo")


def _line(name: str, values: str, labels: str = "") -> Series:
    return {f'{name}{{line="health"{labels}}}': values}


def _answers(in_time: str, late: str, lost: str = NEVER) -> Series:
    """Give the waits of those who were answered: so many in time, so many in all; and the lost."""
    return {
        **_line("answer_wait_seconds_bucket", in_time, ',le="20.0"'),
        **_line("answer_wait_seconds_count", late),
        **_line("calls_total", lost, ',outcome="promised"'),
    }


def _started(values: str) -> Series:
    return {'process_start_time_seconds{job="decroche",instance="a"}': values}


OPEN: Final = _line("line_open", "1x400")
LINES_DROPPED: Final = "log_lines_dropped_total"

CASES: Final = [
    Case(
        "DecrocheCallerWaitsTooLong",
        _line("longest_wait_seconds", "0x38 61"),
        _line("longest_wait_seconds", "0x38 60"),
        "9m45s",
    ),
    Case(
        "DecrocheCallLost",
        _line("calls_total", "0x20 1x80", ',outcome="lost"'),
        _line("calls_total", "0x20 1x80", ',outcome="left_early"'),
    ),
    Case(
        "DecrocheNobodyOnDuty",
        _line("listeners_on_duty", "3x10 0x100") | OPEN,
        _line("listeners_on_duty", "3x10 0x6 1x100") | OPEN,
    ),
    Case(
        "DecrocheNobodyOnDuty",
        # Closed for the night, and nobody comes as it opens.
        _line("listeners_on_duty", "3x10 0x100") | _line("line_open", "1x10 0x10 1x100"),
        _line("listeners_on_duty", "3x10 0x20 3x100") | _line("line_open", "1x10 0x19 1x100"),
    ),
    Case(
        "DecrocheNextCallAtRisk",
        _line("next_call_miss_risk", "0.6x200") | OPEN,
        _line("next_call_miss_risk", "0.6x50 0.4 0.6x100") | OPEN,
        "20m",
    ),
    Case(
        "DecrocheNextCallAtRisk",
        _line("next_call_miss_risk", "1x200") | _line("line_open", "0x10 1x200"),
        _line("next_call_miss_risk", "1x200") | _line("line_open", "1x10 0x200"),
        "20m",
    ),
    Case(
        "DecrocheWakesUnanswered",
        _line("wakes_in_a_row", "0x4 1x20 2x100"),
        _line("wakes_in_a_row", "0x4 1x20 2x2 0x100"),
    ),
    Case(
        "DecrocheFallbackInUse",
        {"sent_to_fallback_total": "0x20 1x80"},
        {
            "sent_to_fallback_total": "1x200",
            **_line("calls_total", "0+1x100", ',outcome="answered"'),
        },
    ),
    Case(
        "DecrocheFallbackInUse",
        _line("fallback_began_total", "0x20 1x80") | {"sent_to_fallback_total": "0x30 1x80"},
        # Whose talk with the group is over by now was told of as it began.
        _line("fallback_began_total", "7x200")
        | _line("calls_total", "0x20 1x80", ',outcome="fallback_answered"'),
    ),
    Case(
        "DecrocheSloBurnFast",
        _answers("0+0.84x100", "0+1x100"),
        # One in five: a large share of the hour, and no more than two callers.
        _answers("0x8 1x10 2x10 4x10 8x100", "0x8 1x10 3x10 6x10 10x100"),
        "11m",
    ),
    Case(
        "DecrocheSloBurnFast",
        _answers("0x400", "0x400", "0x310 0+1x60"),
        # An hour ago it was bad; nothing of the last five minutes is.
        _answers("0x4 0x300 0+1x60", "0+1x4 4x300 4+1x60"),
        "88m",
        "1m",
    ),
    Case(
        "DecrocheSloBurnFast",
        _answers("0x180 0+0.5x100", "0x180 0+1x100"),
        # The last minutes are bad, the hour is not; then the hour is, and of the last minutes few.
        _answers("0+1x200 200+0.8x20", "0+1x300"),
        "55m",
    ),
    Case(
        "DecrocheSloBurnFast",
        _answers("0+0.5x100", "0+1x100"),
        _answers("0+0.5x40 20+0.9x100", "0+1x200"),
        "20m",
        "1m",
    ),
    Case(
        "DecrocheSloBurnSlow",
        _answers("0+0.98x400", "0+1x400"),
        _answers("0x100 0+0.98x400", "0x100 0+1x400"),
        "90m",
    ),
    Case(
        "DecrocheSloBurnSlow",
        _answers("0+0.98x400", "0+1x400"),
        _answers("0+0.392x400", "0+0.4x400"),
        "90m",
    ),
    Case(
        "DecrocheSloBurnSlow",
        _answers("0+0.98x400", "0+1x400"),
        _answers("0+0.995x400", "0+1x400"),
        "90m",
    ),
    Case(
        "DecrochePromiseOverdue",
        {"promise_overdue_seconds": "0x20 61x60"},
        {"promise_overdue_seconds": "0x10 500x3 0x4 60x60"},
    ),
    Case(
        "DecrochePromisesWithSeniors",
        {'promises_owed{state="with_seniors"}': "0x10 1x100"},
        {
            'promises_owed{state="with_seniors"}': "0x10 1x30 0x60",
            'promises_owed{state="waiting"}': "9x100",
        },
        "20m",
    ),
    Case(
        "DecrochePromisesNotNoted",
        {'promises_not_noted_total{reason="store"}': "0x20 1x80"},
        {
            'promises_not_noted_total{reason="store"}': "3x100",
            'promises_not_noted_total{reason="premium"}': "0+1x100",
        },
    ),
    Case(
        "DecrochePromiseStoreDown",
        {"promise_store_up": "1x20 0x80"},
        {"promise_store_up": "1x20 0 1x80"},
    ),
    Case(
        "DecrochePromiseWithoutNumber",
        {"promises_without_number": "0x20 1x80"},
        {"promises_without_number": "0x20 1x2 0x80"},
    ),
    Case(
        "DecrocheSeniorCallBackOwed",
        _line("senior_call_backs_owed_total", "0x20 1x80"),
        _line("senior_call_backs_owed_total", "1x100"),
    ),
    Case(
        "DecrocheDown",
        {'up{job="decroche",instance="a"}': "1x20 0x80"},
        {'up{job="decroche",instance="a"}': "1x20 0 1x80"},
    ),
    Case(
        "DecrocheDown",
        {'up{job="decroche",instance="a"}': "1x4"},
        {'up{job="decroche",instance="a"}': "1x100", 'up{job="redis",instance="b"}': "0x100"},
    ),
    Case(
        "DecrocheRestarting",
        # Each minute, and back before it is missed.
        {
            **_started("0x20 300x3 360x3 420x80"),
            'up{job="decroche",instance="a"}': "1x20 0 1x3 0 1x3 0 1x80",
        },
        # Twice, by somebody at work on it; what else runs there is none of ours.
        {
            **_started("0x8 120x10 300x80"),
            'process_start_time_seconds{job="redis",instance="b"}': "0+15x100",
        },
    ),
    Case(
        "DecrocheAmiDown",
        {"ami_connected": "1x20 0x80"},
        {"ami_connected": "1x20 0 1x80"},
    ),
    Case(
        "DecrocheAmiSilent",
        {"ami_connected": "1x100", "ami_last_event_timestamp_seconds": "0+15x10 150x90"},
        {"ami_connected": "1x100", "ami_last_event_timestamp_seconds": "0x7 120+15x90"},
        "5m",
    ),
    Case(
        "DecrocheAmiEchoMissing",
        {"ami_echo_returns": "1x10 0x80"},
        {"ami_echo_returns": "1x10 0x19 1x80"},
    ),
    Case(
        "DecrocheDialplanNotHeard",
        {'ignored_events_total{reason="wrong_token"}': "0x10 4x80"},
        {
            # What somebody else has tried once, and what a call that is over leaves.
            'ignored_events_total{reason="wrong_token"}': "0x10 1x80",
            'ignored_events_total{reason="bad_id"}': "0+1x90",
        },
        "5m",
    ),
    Case(
        "DecrocheDialplanNotHeard",
        {"dialplan_secret_fits": "1x10 0x80"},
        {"dialplan_secret_fits": "1x10 0x3 1x80"},
    ),
    Case(
        "DecrocheDialplanDiffers",
        {"dialplan_fits": "1x10 0x80"},
        {"dialplan_fits": "1x10 0x19 1x80"},
    ),
    Case(
        "DecrocheLoopStuck",
        {'loop_last_turn_timestamp_seconds{instance="a"}': "0+15x10 150x90"},
        {'loop_last_turn_timestamp_seconds{instance="a"}': "-10+15x100"},
        "3m",
    ),
    Case(
        "DecrocheLoopSlow",
        {
            'loop_lag_seconds_bucket{instance="a",le="0.25"}': "0+1x200",
            'loop_lag_seconds_bucket{instance="a",le="0.5"}': "0+8x200",
            'loop_lag_seconds_bucket{instance="a",le="+Inf"}': "0+8x200",
        },
        {
            'loop_lag_seconds_bucket{instance="a",le="0.25"}': "0+80x200",
            'loop_lag_seconds_bucket{instance="a",le="0.5"}': "0+80x200",
            'loop_lag_seconds_bucket{instance="a",le="+Inf"}': "0+81x200",
        },
        "20m",
    ),
    Case(
        "DecrocheJournalDown",
        {"journal_connected": "1x20 0x80"},
        {"journal_connected": "1x20 0 1x80"},
    ),
    Case(
        "DecrocheInvariantViolated",
        {"invariant_violations_total": "0x20 1x80"},
        {"invariant_violations_total": "4x100"},
    ),
    Case("DecrocheLogLinesDropped", {LINES_DROPPED: "0x20 1x80"}, {LINES_DROPPED: "7x100"}),
    Case(
        "DecrocheConfigRefused",
        {"config_last_reload_successful": "1x20 0x80"},
        # It was refused, and then mended.
        {"config_last_reload_successful": "1x20 0x4 1x80"},
        silent_for="1m",
    ),
    Case(
        "DecrocheBrokerDown",
        {'broker_connected{protocol="mqtt"}': "1x20 0x80"},
        {'broker_connected{protocol="mqtt"}': "1x20 0x7 1x80"},
    ),
]
