"""Call-backs: the store that notes them, and who answers when we ring."""

from __future__ import annotations

from random import Random

from msgspec import Struct
from msgspec.structs import replace

from router.core.promise_commands import (
    ChangeNumber,
    CloseNumber,
    DialCaller,
    DropCallBack,
    NotePromise,
)
from router.core.promise_events import CallBackEnded, CallBackTaken, NumberChanged, PromiseNoted
from simulations.clock import Clock
from simulations.scenario.shape import Callers
from simulations.world.callers import Try
from simulations.world.pbx import Pbx
from simulations.world.sampling import sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire

WORDS_SECONDS = 9.0
"""What whom we call back hears before they press the key, mostly."""

BUSY_SECONDS = 1.0
"""Until the network says that somebody talks on that phone already."""

NEVER = float("-inf")


class _Owed(Struct, eq=False):
    """Whom a promise is owed to."""

    attempt: Try
    chance: Random
    answers: float
    """Share of our rings."""


class CallBacks:
    """Has what is promised noted, and those whom we ring answer it or not."""

    def __init__(self, clock: Clock, wire: Wire, pbx: Pbx, habits: Callers) -> None:
        self._clock = clock
        self._wire = wire
        self._pbx = pbx
        self._habits = habits
        self._answers_after = sampler(habits.answers_call_back_after)
        self._owed: dict[str, _Owed] = {}
        self._ringing = pbx.dialled
        self._reached_at: dict[str, float] = {}
        """When somebody has last pressed the key to our ring."""
        pbx.obeys[NotePromise] = self._note
        pbx.obeys[ChangeNumber] = self._change
        pbx.obeys[DialCaller] = self._dial
        pbx.obeys[DropCallBack] = self._drop
        pbx.obeys[CloseNumber] = self._forget

    def has_reached(self, person: str, since: float) -> bool:
        """Say whether we have called somebody back since, so that they need not call again."""
        return self._reached_at.get(person, NEVER) >= since

    def _note(self, order: NotePromise) -> None:
        attempt, habits = self._pbx.attempt_of(order.call), self._habits
        is_agreed = order.origin == "listener"
        answers = habits.keeps_appointment if is_agreed else habits.answers_call_back
        self._owed[order.promise] = _Owed(attempt, stream(attempt.luck, "called back"), answers)
        self._wire.say(
            PromiseNoted(
                promise=order.promise,
                line=order.line,
                caller=order.caller,
                origin=order.origin,
                place_at=order.place_at,
                not_before=order.not_before,
                due_by=order.due_by,
                call=order.call,
                usual=order.usual,
                by_senior=order.by_senior,
            )
        )

    def _change(self, order: ChangeNumber) -> None:
        self._wire.say(NumberChanged(order.promise, order.call, order.caller))

    def _dial(self, order: DialCaller) -> None:
        """Ring somebody, who hears it or does not."""
        owed = self._owed[order.promise]
        answers = owed.chance.random() < owed.answers
        after_seconds = self._answers_after(owed.chance)
        self._ringing[order.leg] = order.promise
        if self._is_on_the_line(owed.attempt):
            self._clock.call_in(BUSY_SECONDS, self._be_busy, order.leg)
        elif answers and after_seconds < order.ring_seconds:
            self._clock.call_in(after_seconds + WORDS_SECONDS, self._take, order.leg)
        else:
            self._clock.call_in(order.ring_seconds, self._miss, order.leg)

    def _is_on_the_line(self, attempt: Try) -> bool:
        there = self._pbx.callers.values()
        return any(caller.attempt.person is attempt.person for caller in there)

    def _take(self, leg: str) -> None:
        promise = self._ringing.pop(leg, None)
        if promise is not None:
            attempt = self._owed[promise].attempt
            self._reached_at[attempt.person.name] = self._clock.now
            self._pbx.reach(leg, replace(attempt, patience_seconds=self._habits.stays_seconds))
            self._wire.tell(CallBackTaken(leg))

    def _be_busy(self, leg: str) -> None:
        if self._ringing.pop(leg, None) is not None:
            self._wire.tell(CallBackEnded(leg, "busy"))

    def _miss(self, leg: str) -> None:
        if self._ringing.pop(leg, None) is not None:
            self._wire.tell(CallBackEnded(leg, "no_answer"))

    def _drop(self, order: DropCallBack) -> None:
        self._ringing.pop(order.leg, None)

    def _forget(self, order: CloseNumber) -> None:
        self._owed.pop(order.promise, None)
