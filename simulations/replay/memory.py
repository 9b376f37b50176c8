"""What an engine that begins anew knows of people from before."""

from __future__ import annotations

from router.core.engine import Engine
from router.core.floor import State
from router.core.listener import ListenerState


def remembered(snapshot: bytes | None) -> State:
    """Make a state in which nothing goes on, and all is known that this snapshot had learnt."""
    if snapshot is None:
        return State()
    before = Engine.restore(snapshot).state
    people = {
        name: ListenerState(
            name,
            one.skills,
            one.pool,
            misses=one.misses,
            habit=one.habit,
            rung_in_vain=one.rung_in_vain,
            reluctance=one.reluctance,
        )
        for name, one in before.listeners.items()
    }
    return State(policy=before.policy, listeners=people, acquaintances=before.acquaintances)
