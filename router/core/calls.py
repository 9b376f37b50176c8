"""What the engine does with a call: let it in, search for it, talk, end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from router.core.call import Call
from router.core.commands import (
    AcknowledgeCall,
    OfferResult,
    ReportAnswer,
    ReportOutcome,
    ReportRung,
    SayWhileWaiting,
)
from router.core.events import CallArrived, CallWaiting, FallbackBegan, SeenCall
from router.core.floor import Floor
from router.core.help_search import end_search, search_for_help
from router.core.ladder import next_step_at, rung_at, stands_far_behind
from router.core.listeners import end_rests
from router.core.offers import Farewell, withdraw
from router.core.policy import EVERYBODY, Line, Rung

FALLBACK_AGAIN_SECONDS: Final = 30.0
"""Before a call that has come back to its line is handed to the fallback group once more."""


def enter(
    floor: Floor, seen: CallArrived | CallWaiting | FallbackBegan | SeenCall, now: float
) -> Call:
    """Take a call into the engine's hands, with the place that its arrival gives it."""
    state = floor.state
    line = state.policy.lines.get(seen.line) or _line_for_anybody(seen.line)
    state.calls_entered += 1
    arrived = min(seen.arrived + state.set_back_seconds, now)
    call = Call(
        name=seen.call,
        line=line,
        caller=seen.caller,
        arrived=arrived,
        entered=state.calls_entered,
        searching_since=now,
        fallback_at=arrived + line.fallback_after_seconds,
        ladder=line.ladder,
        usual=state.acquaintances.listener_of(seen.caller, now, state.policy.known_caller_days),
        alone_until=arrived + line.same_listener_seconds,
    )
    state.calls[call.name] = call
    floor.order(AcknowledgeCall(call.name))
    _say_words(floor, call, call.ladder[:1])
    keep_searching(floor, call, now)
    return call


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
    _say_words(floor, call, call.ladder[call.rung + 1 : rung + 1])
    call.rung = rung
    if call.ladder[rung].ring_at_once == EVERYBODY:
        end_rests(floor, call.ladder[rung], now)
    floor.due_call(call, next_step_at(call))
    if call.help_wanted is None:
        floor.order(ReportRung(call.name, call.line.name, rung, now - call.arrived))
    return True


def ring_again(floor: Floor, call: Call, now: float) -> None:
    """Have everybody ring once more for a call on the last rung for which no phone rings any more.

    They rest for minutes after several rings in a row that they missed, and somebody waits.
    """
    rung = call.ladder[call.rung]
    if not call.offers and rung.ring_at_once == EVERYBODY:
        end_rests(floor, rung, now)


def search_again(floor: Floor, call: Call, now: float) -> None:
    """Search anew for a call that was in somebody's hands, in the place it had."""
    call.partner = None
    call.searching_since = now
    call.fallback_at = max(call.fallback_at, now + FALLBACK_AGAIN_SECONDS)
    ring_again(floor, call, now)
    keep_searching(floor, call, now)


def begin_talk(floor: Floor, call: Call, listener: str | None, now: float) -> None:
    """Note that a caller and a human are together; `listener` is None for the fallback's."""
    call.resume_talk(now)
    if call.answered_at is None:
        call.answered_at = now
        call.by_fallback = listener is None
        floor.order(ReportAnswer(call.name, call.line.name, listener, now - call.arrived))
    if listener is not None:
        floor.state.acquaintances.remember(call.caller, listener, now)


def end_talk(floor: Floor, call: Call, now: float) -> None:
    """Add the talk that is over to what was talked; nobody is sought for it any more."""
    call.pause_talk(now)
    search = search_for_help(floor, call)
    if search is not None:
        end_search(floor, search, "talk_over", now)


def release_all(floor: Floor, call: Call, result: OfferResult, now: float) -> None:
    """Withdraw every offer of a call, and the listener whom it is or was talking with."""
    for name in list(call.offers):
        withdraw(floor, floor.state.offers[name], result, _farewell(result), now)
    release_partner(floor, call, result, now)


def release_partner(floor: Floor, call: Call, result: OfferResult, now: float) -> None:
    """Let the listener go who had accepted this call, and whoever came to help."""
    for name in (call.partner, call.helper):
        offer = floor.state.offers.get(name) if name is not None else None
        if offer is None or offer.state == "leaving":
            continue
        if offer.state == "talking":
            withdraw(floor, offer, "talked", "talk_over", now)
        else:
            withdraw(floor, offer, result, _farewell(result), now)
    call.partner = call.helper = None


def end(floor: Floor, call: Call, now: float) -> None:
    """End a call: its outcome is told, and whoever was held for it is let go."""
    call.state = "ended"
    floor.keep_for_nobody(call)
    end_talk(floor, call, now)
    release_all(floor, call, "caller_left", now)
    call.deadline = None
    floor.touch_call(call)
    del floor.state.calls[call.name]
    waited_until = call.answered_at if call.answered_at is not None else now
    floor.order(
        ReportOutcome(
            call=call.name,
            line=call.line.name,
            outcome=call.outcome(now),
            waited_seconds=waited_until - call.arrived,
            talked_seconds=call.talked_seconds,
            offers=call.offers_made,
        )
    )


def _say_words(floor: Floor, call: Call, reached: Sequence[Rung]) -> None:
    """Have the caller hear the words of the last of these rungs that has some."""
    words = [rung.words for rung in reached if rung.words]
    if words:
        floor.order(SayWhileWaiting(call.name, words[-1]))


def _farewell(result: OfferResult) -> Farewell:
    return "caller_left" if result == "caller_left" else "taken"


def _line_for_anybody(name: str) -> Line:
    """Make rules for a line that the config does not name: whoever is there may answer."""
    return Line(name=name, ladder=(Rung(after_seconds=0.0, skills={}),))


def _ask_fallback_as_ever(call: Call, now: float) -> None:
    """Put the fallback off no longer for one listener: they may have left after a minute."""
    call.fallback_put_off = False
    in_line = call.arrived + call.line.fallback_after_seconds
    call.fallback_at = max(in_line, now + FALLBACK_AGAIN_SECONDS)
