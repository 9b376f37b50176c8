"""How the calls of a journal ended, from what it says of the people alone."""

from __future__ import annotations

from router.core.commands import Outcome
from router.core.events import PolicyLoaded
from router.core.policy import Line
from simulations.replay.past import Past, PastCall
from simulations.replay.restep import Ended


def fates(past: Past) -> dict[str, Ended]:
    """Give how each call ended whose end, or first talk, is in the journal."""
    found: dict[str, Ended] = {}
    rules = [(at, event.policy) for at, event in past.daemon if isinstance(event, PolicyLoaded)]
    for call in past.calls.values():
        lines: dict[str, Line] = {}
        for at, policy in rules:
            if at <= call.entered:
                lines = policy.lines
        fate = _fate(call, lines.get(call.line) or _NO_LINE)
        if fate is not None:
            found[call.name] = fate
    return found


_NO_LINE = Line(name="", ladder=())
"""For the times of a line that no rules name."""


def _fate(call: PastCall, line: Line) -> Ended | None:
    first = call.stays[0]
    if first.ended is None:
        return None
    waited_seconds = first.ended - call.arrived
    talk = call.talks[0] if call.talks else None
    outcome: Outcome
    if talk is not None:
        outcome = "answered" if talk.listener is not None else "fallback_answered"
    elif call.promised:
        outcome = "promised"
    else:
        outcome = "left_early" if waited_seconds < line.short_call_seconds else "lost"
    return Ended(
        outcome=outcome,
        waited_seconds=waited_seconds,
        talked_seconds=sum(one.ended - one.began for one in call.talks if one.ended is not None),
        listener=talk.listener if talk is not None else None,
        offers=call.offers,
    )
