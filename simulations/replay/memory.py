"""What an engine that begins anew knows of people from before."""

from __future__ import annotations

from router.core.engine import Engine
from router.core.fair_share import leave
from router.core.floor import State
from router.core.listener import ListenerState


def remembered(snapshot: bytes | None) -> State:
    """Make a state in which nothing goes on, and all is known that this snapshot had learnt.

    Who was on duty is on a pause: they come back into the shift that they were in.
    """
    if snapshot is None:
        return State()
    before = Engine.restore(snapshot).state
    for one in before.listeners.values():
        if one.duty == "on":
            leave(before.guilds, one.shift)
        one.shift.talking_since = None
    people = {
        name: ListenerState(
            name,
            one.skills,
            one.pool,
            duty="off" if one.duty == "off" else "paused",
            misses=one.misses,
            habit=one.habit,
            shift=one.shift,
            rung_in_vain=one.rung_in_vain,
            reluctance=one.reluctance,
        )
        for name, one in before.listeners.items()
    }
    return State(policy=before.policy, listeners=people, acquaintances=before.acquaintances)
