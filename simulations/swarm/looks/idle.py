"""Whether anybody who is free is left alone while a call waits that they serve."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.call import Call
from router.core.policy import EVERYBODY
from simulations.swarm.looks.step import Step, gives_way, serves


def left_silent(step: Step) -> Iterator[str]:
    """Name each call that has fewer phones than its rung wants, though one could ring.

    Where the rung leaves to the engine how many are to ring, it is one at least.
    """
    rules, people = step.state.policy.listeners, step.state.listeners.values()
    free = [rules[one.name] for one in people if one.available and one.name in rules]
    if not step.state.pbx_up or not free:
        return
    for call in step.state.calls.values():
        if call.state == "searching" and not call.is_kept_for_usual and _lacks(call):
            rung = call.ladder[call.rung]
            for listener in free:
                if serves(listener, rung):
                    yield f"listener {listener.name} is free and not rung for call {call.name}"


def _lacks(call: Call) -> bool:
    wanted = 1 if gives_way(call) else call.ladder[call.rung].ring_at_once
    return wanted == EVERYBODY or len(call.offers) < (wanted or 1)
