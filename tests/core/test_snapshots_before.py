"""A snapshot that an earlier version left in mid-call is read by this one."""

from __future__ import annotations

import json

from router.core.commands import RingListener
from router.core.engine import Engine
from router.core.events import CallArrived
from tests.core.drive import START, Desk, line, of, rules

SINCE = {
    "calls": {"ladder", "usual", "alone_until", "is_kept_for_usual", "in_shock", "wide_enough"},
    "listeners": {"habit", "shift", "rung_in_vain", "reluctance"},
}
"""What a call and a listener did not have before."""


def snapshot_of_before(desk: Desk) -> bytes:
    state = json.loads(desk.engine.snapshot())
    del state["guilds"]
    for kind, names in SINCE.items():
        for one in state[kind].values():
            for name in names:
                del one[name]
    return json.dumps(state).encode()


def test_a_call_in_progress_then_does_not_make_the_callers_we_know_strangers() -> None:
    desk = Desk(rules(line(), listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1", caller="hash-1")
    desk.talk("ana")
    desk.arrive("c2")
    engine = Engine.restore(snapshot_of_before(desk))
    assert engine.state.calls["c2"].ladder == line().ladder
    assert engine.state.acquaintances.by_caller["hash-1"].listener == "ana"
    assert of(RingListener, engine.step(CallArrived("c3", "general", None, START), START)) == []
