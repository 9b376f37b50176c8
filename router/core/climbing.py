"""A call that waits climbs its ladder, and hears what each rung has to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from router.core.call import Call
from router.core.commands import ReportRung, SayWhileWaiting
from router.core.floor import Floor
from router.core.ladder import next_step_at, rung_at, stands_far_behind
from router.core.listeners import end_rests
from router.core.policy import EVERYBODY, Rung

FALLBACK_AGAIN_SECONDS: Final = 30.0
"""Before a call that has come back to its line is handed to the fallback group once more."""


def keep_searching(floor: Floor, call: Call, now: float) -> None:
    """Put a searching call on the rung that its wait has reached, with the next one as deadline."""
    climb(floor, call, rung_at(call, now), now)
    while stands_far_behind(call, floor.state.calls.values()):
        climb(floor, call, call.rung + 1, now)
    if now >= call.alone_until:
        floor.keep_for_nobody(call)
    if call.fallback_put_off and not call.is_kept_for_usual:
        _ask_fallback_as_ever(call, now)
    floor.due_call(call, next_step_at(call))
    floor.touch_call(call)


def climb(floor: Floor, call: Call, rung: int, now: float) -> bool:
    """Take a call to a rung above its own; say whether there is one."""
    if not call.rung < rung < len(call.ladder):
        return False
    say_words(floor, call, call.ladder[call.rung + 1 : rung + 1])
    call.rung = rung
    if call.ladder[rung].ring_at_once == EVERYBODY:
        end_rests(floor, call.ladder[rung], now)
    floor.due_call(call, next_step_at(call))
    if call.has_leg:
        floor.order(ReportRung(call.name, call.line.name, rung, now - call.arrived))
    return True


def ring_again(floor: Floor, call: Call, now: float) -> None:
    """Have everybody ring once more for a call on the last rung for which no phone rings any more.

    They rest for minutes after several rings in a row that they missed, and somebody waits.
    """
    rung = call.ladder[call.rung]
    if not call.offers and rung.ring_at_once == EVERYBODY:
        end_rests(floor, rung, now)


def say_words(floor: Floor, call: Call, reached: Sequence[Rung]) -> None:
    """Have the caller hear the words of the last of these rungs that has some."""
    words = [rung.words for rung in reached if rung.words]
    if words:
        floor.order(SayWhileWaiting(call.name, words[-1]))


def _ask_fallback_as_ever(call: Call, now: float) -> None:
    """Put the fallback off no longer for one listener: they may have left after a minute."""
    call.fallback_put_off = False
    in_line = call.arrived + call.line.fallback_after_seconds
    call.fallback_at = max(in_line, now + FALLBACK_AGAIN_SECONDS)
