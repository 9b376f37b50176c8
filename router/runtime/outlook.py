"""The look ahead: the risk of each line's next call, and who on call is to be woken for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from operator import attrgetter

import structlog

from router.core.expected_wait import expected_wait
from router.core.floor import State
from router.core.listener import ListenerState
from router.core.pace import Pace, TalkTime
from router.core.policy import Line
from router.core.reach import is_on_call
from router.core.risk import next_call_miss_risk
from router.observe.metrics import Metrics
from router.runtime.opening import IsOpen, always_open
from router.runtime.said_wait import SaidWaits

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 5.0
"""Between two looks ahead: a risk is a matter of minutes."""

WAKE_AGAIN_SECONDS = 300.0
"""Who was asleep needs that long to be ready; then those who still are may be woken again."""

MOST_WAKINGS = 3
"""In a row for one line. Beyond these a human has to see to it; the risk itself is told on."""

Wake = Callable[[str, Sequence[str], float], bool]
"""Rings some of these for a line, now: they are on call, free, and have not said since they were
last woken that they are there. Gives whether it rings anybody."""


@dataclass
class _Watch:
    """What is known of one line."""

    pace: Pace
    wakings: int = 0
    """Since the risk was last low."""
    woken_at: float = -inf

    def was_answered_by(self, listener: ListenerState) -> bool:
        """Say whether somebody who was woken has pressed a key, or said it otherwise, since."""
        said_at = listener.duty_said_at
        return self.wakings > 0 and said_at is not None and said_at >= self.woken_at


class Outlook:
    """Learns how much is going on, and tells what that means for the next call."""

    def __init__(
        self,
        metrics: Metrics,
        wake: Wake,
        said_waits: SaidWaits,
        is_open: IsOpen = always_open,
    ) -> None:
        self._metrics = metrics
        self._wake = wake
        self._said_waits = said_waits
        self._is_open = is_open
        self._talk_time = TalkTime()
        self.risks: dict[str, float] = {}
        """Of each line's next call, as they were at the last look."""
        self._watches: dict[str, _Watch] = {}
        self._entered: int | None = None
        """The number of the last call that was counted."""
        self._looked_at = -inf

    def talk_ended(self, talked_seconds: float) -> None:
        """Learn how long talks last."""
        self._talk_time.ended(talked_seconds)

    def look(self, state: State, now: float) -> None:
        """Tell callers their wait, and each line's risk if it is time to; `now` is the clock's."""
        own_now = now + state.set_back_seconds
        self._said_waits.look(state, own_now, self._talk_time.mean_seconds)
        if abs(own_now - self._looked_at) < LOOK_EVERY_SECONDS:
            return
        self._looked_at = own_now
        self._forget_lines(state)
        self._count_arrivals(state, own_now)
        for line in state.policy.lines.values():
            watch = self._watches[line.name]
            rate, talk_seconds = watch.pace.calls_a_second, self._talk_time.mean_seconds
            risk = next_call_miss_risk(state, line, own_now, rate, talk_seconds)
            self.risks[line.name] = risk
            self._metrics.next_call_miss_risk.labels(line.name).set(risk)
            self._wake_if_needed(state, line, risk, own_now)
            self._metrics.wakes_in_a_row.labels(line.name).set(watch.wakings)
            self._tell_wait(state, line, own_now)

    def _forget_lines(self, state: State) -> None:
        """Look ahead no longer for a line that the rules do not name, and show it as little."""
        for name in [name for name in self._watches if name not in state.policy.lines]:
            del self._watches[name]
            self.risks.pop(name, None)
            metrics = self._metrics
            for gauge in (
                metrics.next_call_miss_risk,
                metrics.wakes_in_a_row,
                metrics.expected_wait_seconds,
            ):
                gauge.remove(name)

    def _count_arrivals(self, state: State, now: float) -> None:
        """Count the calls that are new. One that came and left between two looks is missed."""
        known = state.calls_entered if self._entered is None else self._entered
        new = dict.fromkeys(state.policy.lines, 0)
        for call in state.calls.values():
            if call.entered > known and call.line.name in new:
                new[call.line.name] += 1
        self._entered = state.calls_entered
        for name, calls in new.items():
            self._watches.setdefault(name, _Watch(Pace(now))).pace.see(calls, now)

    def _tell_wait(self, state: State, line: Line, now: float) -> None:
        """Tell how much longer the last in line waits at most: 0 where nobody waits."""
        waiting = [
            call
            for call in state.calls.values()
            if call.state == "searching" and call.line.name == line.name and call.has_leg
        ]
        last = max(waiting, key=attrgetter("place"), default=None)
        seconds = 0.0
        if last is not None:
            expected = expected_wait(state, last, now, self._talk_time.mean_seconds)
            seconds = expected.to_seconds if expected is not None else inf
        self._metrics.expected_wait_seconds.labels(line.name).set(seconds)

    def _wake_if_needed(self, state: State, line: Line, risk: float, now: float) -> None:
        watch = self._watches[line.name]
        above = line.risk_wakes_above
        if above is None or risk <= above or not self._is_open(line.name):
            watch.wakings = 0
            return
        if watch.wakings >= MOST_WAKINGS or now - watch.woken_at < WAKE_AGAIN_SECONDS:
            return
        asleep = [
            one.name
            for one in state.listeners.values()
            if one.available and is_on_call(one, line) and not watch.was_answered_by(one)
        ]
        if not (asleep and state.pbx_up and self._wake(line.name, asleep, now)):
            return
        watch.wakings += 1
        watch.woken_at = now
        self._metrics.wakes.labels(line.name).inc()
        log.warning("wake", line=line.name, risk=round(risk, 4), listeners=asleep)
