"""How many phones ring at once for a call: as few as reach its line's target in the time left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from router.core.call import Call
from router.core.floor import Floor
from router.core.ladder import next_step_at
from router.core.policy import EVERYBODY

LOOK_AGAIN_SECONDS: Final = 4.0
"""Between two looks at whether the phones that ring still suffice: with each second in which none
was taken, they are less likely to."""

LEAST_SECONDS: Final = 12.0
"""What is aimed at for a call whose target is near or past: a ring that is taken takes about nine
seconds, and what cannot come sooner is no reason to ring the whole house."""

MARGIN: Final = 0.5
"""Of the misses that the target allows, this share is left to what is not known, and to time: with
each second without an answer one is less likely, and not each is to ring a further phone."""


RING_AGAIN_SECONDS: Final = 10.0
"""From the last phone falling silent for a call on the last rung to all of them ringing again: whom
the first ring has only woken takes the second."""


@dataclass(slots=True)
class Ringing:
    """The phones that ring for a call at an instant: each is counted once, as it comes to ring."""

    until: float
    """The end of the time in which one is to be taken."""
    counted: int = 0
    missed: float = 1.0
    """The chance that none of those counted is taken in time."""

    def count(self, floor: Floor, call: Call, now: float) -> None:
        """Count those that have come to ring since."""
        state, until = floor.state, self.until
        for name in call.offers[self.counted :]:
            offer = state.offers[name]
            listener = state.listeners[offer.listener]
            chance = listener.habit.will_take(offer.placed_at, now, until)
            if listener.unheard:
                chance *= listener.trust
            self.missed *= 1.0 - chance
        self.counted = len(call.offers)


def ringing_for(call: Call, now: float) -> Ringing:
    """Begin to count the phones that ring for a call now."""
    return Ringing(max(call.arrived + call.line.target_seconds, now + LEAST_SECONDS))


def judge_width(floor: Floor, call: Call, ringing: Ringing, now: float) -> None:
    """Note whether enough phones ring for a call, where its rung leaves that to be judged."""
    if call.ladder[call.rung].ring_at_once is None:
        ringing.count(floor, call, now)
        allowed = 1.0 - call.line.target_share
        call.wide_enough = ringing.missed <= (allowed if call.wide_enough else allowed * MARGIN)


def look_again(floor: Floor, call: Call, now: float) -> None:
    """Have the width judged again while phones ring; once none does, ring again at the last."""
    at_once = call.ladder[call.rung].ring_at_once
    if call.offers and at_once is None:
        floor.due_call(call, min(next_step_at(call), now + LOOK_AGAIN_SECONDS))
    elif not call.offers and at_once == EVERYBODY:
        floor.due_call(call, min(next_step_at(call), now + RING_AGAIN_SECONDS))
