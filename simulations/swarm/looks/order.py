"""Whether the call that is served is the first in line of those that the listener serves."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.call import Call
from simulations.swarm.looks.step import Ring, Step, asks, gives_way, serves


def passed_over(step: Step) -> Iterator[str]:
    """Name each call that stands before another, for which somebody is rung whom it asks for too.

    It stood there before this step and does so after it, so that it was there all the while. A
    listener whom the other's caller knows or asks for is rung out of turn.
    """
    for ring in step.rings():
        if ring.said.known_caller:
            continue
        for call in step.state.calls.values():
            if _asked_throughout(step, call) and _is_before(call, ring) and _fits(step, call, ring):
                yield (
                    f"listener {ring.said.listener} is rung for call {ring.call.name},"
                    f" and call {call.name} stands before it"
                )


def _asked_throughout(step: Step, call: Call) -> bool:
    before = step.before.get(call.name)
    return before is not None and before.asks and before.ladder is call.ladder and asks(call)


def _is_before(call: Call, ring: Ring) -> bool:
    """Say whether a call for which no phone rings stands before the one that is served."""
    is_second_phone = ring.call.offers[:1] != [ring.said.offer]
    return is_second_phone or _standing(call) < _standing(ring.call)


def _standing(call: Call) -> tuple[bool, bool, float, int]:
    at_once = call.head_of_line or call.in_shock
    return gives_way(call), not at_once, call.stands_since, call.entered


def _fits(step: Step, call: Call, ring: Ring) -> bool:
    """Say whether a call asked for the listener, on whichever rung it was."""
    listener = step.state.policy.listeners[ring.said.listener]
    return all(serves(listener, call.ladder[at]) for at in step.rungs_of(call, ring.place))
