"""Whether who is rung is asked for by the rung of the call, and whether that rung's time was."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.call import Call
from simulations.swarm.looks.step import Step, serves


def misfits(step: Step) -> Iterator[str]:
    """Name each listener who was rung and whom no rung asks for on which the call can have been."""
    for ring in step.rings():
        call, name = ring.call, ring.said.listener
        if step.state.listeners[name].duty != "on":
            yield f"listener {name} is rung for call {call.name} and is not on duty"
        listener = step.state.policy.listeners[name]
        rungs = [call.ladder[at] for at in step.rungs_of(call, ring.place)]
        if not any(serves(listener, rung) for rung in rungs):
            asked = " or ".join(str(rung.asked) for rung in rungs)
            yield f"listener {name} is rung for call {call.name}, which asks for {asked}"


def early_climbs(step: Step) -> Iterator[str]:
    """Name each call that has come to a rung before its time, and without a reason of the rules."""
    climbed = (call for call in step.state.calls.values() if call.rung)
    for call in climbed:
        for rung in range(step.rung_before(call) + 1, call.rung + 1):
            if not _may_be_on(step, call, rung):
                waited_seconds = step.state.now - call.arrived
                yield f"call {call.name} comes to rung {rung} after {waited_seconds:.1f} s"


def _may_be_on(step: Step, call: Call, rung: int) -> bool:
    above, below = call.ladder[rung], call.ladder[rung - 1]
    if call.arrived + above.after_seconds <= step.state.now:
        return True
    if above.when or above.behind is not None:
        return True
    return not step.has_on_duty([below])
