"""The check after each step says what the whole check says, and notices what is broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from router.core.call import Call
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import CallArrived
from router.core.invariants import violations
from router.core.listener import ListenerState
from router.core.machine import EventRefused
from router.core.offer import Offer
from simulations.oracle.plain_queue import LINE, BrokenInvariant, PlainQueue
from simulations.oracle.trace import Load, Trace, exponential
from tests.core.storm import storm

Break = Callable[[Call, Offer, ListenerState], None]


@pytest.mark.parametrize("seed", range(4))
def test_in_a_storm_what_each_step_touched_is_as_sound_as_the_whole(seed: int) -> None:
    engine = Engine()
    for entry in storm(seed, 1_500):
        if _heard(engine, entry):
            assert (engine.violations(), violations(engine.state)) == ([], []), entry


def _heard(engine: Engine, entry: Entry) -> bool:
    try:
        engine.step(entry.event, entry.at)
    except EventRefused:
        return False
    return True


def no_next_step(call: Call, _: Offer, __: ListenerState) -> None:
    call.deadline = None


def ended_and_held(call: Call, _: Offer, __: ListenerState) -> None:
    call.state = "ended"


def no_partner(call: Call, _: Offer, __: ListenerState) -> None:
    call.state = "connecting"


def offer_unknown_to_its_call(call: Call, _: Offer, __: ListenerState) -> None:
    call.offers.clear()


def ring_without_end(_: Call, offer: Offer, __: ListenerState) -> None:
    offer.deadline = None


def somebody_else_s_offer(_: Call, offer: Offer, __: ListenerState) -> None:
    offer.listener = "nobody"


def free_and_held(_: Call, __: Offer, listener: ListenerState) -> None:
    listener.activity = "free"


def held_by_nothing(_: Call, __: Offer, listener: ListenerState) -> None:
    listener.offer = None


@pytest.mark.parametrize(
    "breaks",
    [
        no_next_step,
        ended_and_held,
        no_partner,
        offer_unknown_to_its_call,
        ring_without_end,
        somebody_else_s_offer,
        free_and_held,
        held_by_nothing,
    ],
)
def test_what_breaks_in_a_step_is_noticed_after_it(breaks: Break) -> None:
    queue = PlainQueue(Trace([], [], []), listeners=1)
    engine = queue._engine
    engine.step(CallArrived("c1", LINE, None, 1.0), 1.0)
    state = engine.state
    call, listener = state.calls["c1"], state.listeners["l0"]
    offer = state.offers[call.offers[0]]
    assert engine.violations() == []
    breaks(call, offer, listener)
    assert engine.violations()
    assert violations(state)


def test_a_run_with_a_broken_engine_stops_and_says_at_which_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = PlainQueue(exponential(Load(2, 1.0, 60.0, 60.0), 50, seed=1), listeners=2)
    monkeypatch.setattr(Engine, "violations", lambda _: ["a call is nowhere"])
    with pytest.raises(BrokenInvariant, match=r"after step \d+: a call is nowhere"):
        queue.run()
