"""What the config says of care, as the engine's rules."""

from __future__ import annotations

from router.config import shape
from router.core import policy


def care_of(care: shape.Care) -> policy.Care:
    """Give the engine's rules of care."""
    return policy.Care(
        wrap_up_seconds=care.wrap_up_seconds,
        missed_rest_seconds=care.missed_rest_seconds,
        between_rings_seconds=care.between_rings_seconds,
        rings_in_vain_an_hour=care.rings_in_vain_an_hour,
        calls_in_a_row=care.calls_in_a_row,
        break_seconds=care.break_seconds,
        night_calls_a_shift=care.night_calls_a_shift,
        night_seconds=(day_seconds(care.night_begins), day_seconds(care.night_ends)),
        talk_seconds_a_shift=care.talk_seconds_a_shift,
        calls_above_share=care.calls_above_share,
        hard_call_rest_seconds=care.hard_call_rest_seconds,
        bends=care.bends,
    )


def day_seconds(time_of_day: str) -> float:
    """Give the seconds of the day at a time such as 22:00."""
    hours, minutes = time_of_day.split(":")
    return int(hours) * 3_600.0 + int(minutes) * 60.0
