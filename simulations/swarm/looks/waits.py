"""Whether anybody waits longer than the rules allow: for the fallback, or for one listener."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from router.core.call import Call
from router.core.climbing import FALLBACK_AGAIN_SECONDS
from router.core.commands import SendToFallback
from router.core.events import TimeReached
from router.core.fallback import RINGING_KEEPS_FALLBACKS, STILL_RINGING_SECONDS
from simulations.swarm.looks.step import Step

PUT_OFF_TIMES = 3.0
"""So often the fallback is put off for a moment: somebody has come free, or a rung is reached."""


@dataclass(slots=True)
class Wait:
    """How somebody waits, the link to Asterisk being there, who was not sent to the fallback."""

    since: float
    for_nobody: bool
    """Nobody whom the ladder names has been on duty since the arrival."""


class Waits:
    """Follows those who wait for anybody at all."""

    def __init__(self) -> None:
        self._waits: dict[str, Wait] = {}

    def look(self, step: Step) -> Iterator[str]:
        """Name each call that still waits, though all that was due has been done, or will wait."""
        self._follow(step)
        for call in step.state.calls.values():
            if call.is_kept_for_usual and (call.deadline or inf) > call.alone_until:
                yield f"call {call.name} is kept for {call.usual}, and nothing is due to end that"
        if not isinstance(step.event, TimeReached) or not step.state.pbx_up:
            return
        now, calls = step.state.now, step.state.calls
        for name, wait in self._waits.items():
            if now > _sent_by(calls[name], wait):
                yield f"call {name} is not sent to the fallback, though its time is over"

    def _follow(self, step: Step) -> None:
        state, before = step.state, self._waits
        sent = {one.call for one in step.said if isinstance(one, SendToFallback)}
        self._waits = {}
        for name, call in state.calls.items():
            if not state.pbx_up or not _may_be_sent(call):
                continue
            wait = before.get(name)
            if wait is None:
                wait = Wait(state.now, for_nobody=name not in step.before)
            elif name in sent:
                wait = Wait(state.now, for_nobody=False)
            if wait.for_nobody:
                wait.for_nobody = not step.has_on_duty(call.ladder)
            self._waits[name] = wait


def _may_be_sent(call: Call) -> bool:
    """Say whether it is a caller who waits, and has not chosen to wait for one listener."""
    return call.state == "searching" and call.has_leg and not call.fallback_put_off


def _sent_by(call: Call, wait: Wait) -> float:
    """Give the epoch second by which a caller is sent, whatever rings, at the latest.

    Once the fallback is due the first phones may still ring out, and be answered.
    """
    line = call.line
    if wait.for_nobody and line.nobody_on_duty_seconds is not None:
        return wait.since + line.nobody_on_duty_seconds
    ringing_until = call.arrived + RINGING_KEEPS_FALLBACKS * line.fallback_after_seconds
    due_at = max(ringing_until, wait.since + FALLBACK_AGAIN_SECONDS)
    first_seconds = line.ring_seconds + 2.0 * line.accept_seconds
    return due_at + first_seconds + PUT_OFF_TIMES * STILL_RINGING_SECONDS
