"""What the config says of calling back, checked, and as the engine's rules."""

from __future__ import annotations

from typing import Final

from router.config import shape
from router.config.call_back_tables import CallBack
from router.config.care import day_seconds
from router.config.reader import Reader
from router.core import policy

HEARD_SECONDS: Final = 25.0
"""For so long the dialplan waits for the key of whom we call back."""

RUNG_SECONDS: Final = 65.0
"""Who has taken a call-back waits 75 s at most in the dialplan, some of it under words."""


def call_back_of(rules: CallBack) -> policy.CallBack:
    """Give the engine's rules of a line that calls back."""
    begins, ends = (day_seconds(one) for one in rules.hours.split("-"))
    return policy.CallBack(
        within_seconds=rules.within_seconds,
        again_seconds=rules.again_seconds,
        busy_again_seconds=rules.busy_again_seconds,
        ring_seconds=rules.ring_seconds,
        answer_seconds=rules.answer_seconds,
        yields_seconds=rules.yields_seconds,
        urgent_seconds=rules.urgent_seconds,
        appointment_seconds=rules.appointment_seconds,
        on_hang_up=rules.on_hang_up,
        hours_seconds=(begins, ends),
    )


def check_call_back(name: str, line: shape.Line, reader: Reader) -> None:
    """Put on the list what does not fit together in how a line calls back."""
    _check_key(name, line, reader)
    rules = line.call_back
    if rules is None:
        return
    at = f"lines.{name}.call_back"
    begins, ends = rules.hours.split("-")
    if begins == ends:
        reader.complain(f"{at}.hours", f"expected two different times, got {rules.hours!r}")
    if rules.answer_seconds > HEARD_SECONDS:
        reader.complain(
            f"{at}.answer_seconds",
            f"expected at most {HEARD_SECONDS:g}, got {rules.answer_seconds:g}",
        )
    if rules.ring_seconds + rules.answer_seconds > RUNG_SECONDS:
        reader.complain(
            f"{at}.ring_seconds",
            f"expected at most {RUNG_SECONDS:g} together with answer_seconds,"
            f" got {rules.ring_seconds + rules.answer_seconds:g}",
        )
    if rules.urgent_seconds > rules.within_seconds:
        reader.complain(
            f"{at}.urgent_seconds",
            f"expected at most the {rules.within_seconds:g} of within_seconds,"
            f" got {rules.urgent_seconds:g}",
        )


def _check_key(name: str, line: shape.Line, reader: Reader) -> None:
    at, key = f"lines.{name}.call_back_key", line.call_back_key
    if key is None:
        return
    if line.call_back is None and not reader.refused(f"lines.{name}.call_back"):
        reader.complain(at, f"expected a table [lines.{name}.call_back] that says how")
    if key == line.shock_key:
        reader.complain(at, "this is the line's shock_key")
    if key in (line.keys or {}):
        reader.complain(at, f"lines.{name}.keys.{key} is the same key")
