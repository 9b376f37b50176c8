"""Who is on duty in a replay: as the journal says, but for the rests after talks."""

from __future__ import annotations

from collections.abc import Iterable

from router.core.events import ListenerCameOn, ListenerPaused, ListenerWentOff
from simulations.clock import Clock
from simulations.replay.near import alike
from simulations.replay.past import Duty, DutyChange
from simulations.replay.scripts import Scripts
from simulations.replay.wire import Wire

_WORDS: dict[Duty, type[ListenerCameOn | ListenerPaused | ListenerWentOff]] = {
    "on": ListenerCameOn,
    "paused": ListenerPaused,
    "off": ListenerWentOff,
}


class Duties:
    """Tells the engine of each listener's duty."""

    def __init__(self, clock: Clock, wire: Wire, scripts: Scripts) -> None:
        self._clock = clock
        self._wire = wire
        self._scripts = scripts
        self._duty: dict[str, Duty] = {}
        self._resting: dict[str, int] = {}
        """Listeners to how many of their rests are not over."""

    def plan(self, changes: Iterable[DutyChange]) -> None:
        """Put all that is not a rest after a talk into the clock."""
        for change in changes:
            self._clock.call_at(change.at, self._change, change)

    def rest(self, listener: str) -> None:
        """Have a listener rest from a talk whose leg has just gone."""
        now = self._clock.now
        pause = self._scripts.pause(listener, now)
        if pause is None:
            return
        begins = now + pause.after_seconds if pause.after_seconds else now
        ends = None if pause.ended is None else alike(begins, pause.began, pause.ended)
        if begins == now:
            self._begin_rest(listener, ends)
        else:
            self._clock.call_at(begins, self._begin_rest, listener, ends)

    def _begin_rest(self, listener: str, ends: float | None) -> None:
        if ends is None:
            self._duty[listener] = "paused"
            self._wire.leave_word(ListenerPaused(listener))
            return
        self._resting[listener] = self._resting.get(listener, 0) + 1
        self._wire.leave_word(ListenerPaused(listener))
        self._clock.call_at(ends, self._end_rest, listener)

    def _end_rest(self, listener: str) -> None:
        left = self._resting.pop(listener) - 1
        if left:
            self._resting[listener] = left
        elif self._duty.get(listener) == "on":
            self._wire.leave_word(ListenerCameOn(listener))

    def _change(self, change: DutyChange) -> None:
        self._duty[change.listener] = change.duty
        resting = change.duty == "on" and change.listener in self._resting
        self._wire.say(_WORDS["paused" if resting else change.duty](change.listener))
